-- The account of the indexer, with no more than it needs. Run it on the source; replicas receive it.
-- Works on MySQL 8.0.22 and newer and on MariaDB 10.5 and newer. Put in your own names for
--   'freshet'@'%'      the account, and from where it connects
--   change-me          its password
--   classifieds        the database
--   listing            the table of the documents
--   listing_deleted    the table of the tombstones; leave its line out if there is none

CREATE USER IF NOT EXISTS 'freshet'@'%' IDENTIFIED BY 'change-me';

-- Reading documents and tombstones is all that a poll does. Of a heartbeat table, if lag is measured
-- by one, and of the tables of table.query and table.also_changed_by, SELECT is needed too.
GRANT SELECT ON `classifieds`.`listing` TO 'freshet'@'%';
GRANT SELECT ON `classifieds`.`listing_deleted` TO 'freshet'@'%';

-- For SHOW REPLICA STATUS, without which nobody knows how fresh a replica is. Polls do
-- without it where lag is measured by a heartbeat table, or where the source itself is polled;
-- bin/indexer doctor does not. The one privilege has two names; each server reads its own and takes
-- the other for a comment.
GRANT /*M! REPLICA MONITOR */ /*!80000 REPLICATION CLIENT */ ON *.* TO 'freshet'@'%';

-- When a replica last heard of its source: a frozen source looks like one that is quiet. MySQL only;
-- MariaDB, which has no such table, takes the line for a second grant on the other one.
GRANT SELECT ON performance_schema.replication_connection_configuration TO 'freshet'@'%';
GRANT SELECT ON performance_schema./*M! replication_connection_configuration */ /*!80000 replication_connection_status */ TO 'freshet'@'%';
