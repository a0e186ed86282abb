# Sourced by bin/* and mvnw, never run: finds a Java, builds what a source tree lacks, starts a main
# class.
# POSIX sh; needs neither a HOME nor more than /usr/bin:/bin on the PATH.

# java_major FOLDER: the major version of the Java in that folder, 0 if there is none that runs.
java_major() {
  [ -x "$1/bin/java" ] || { echo 0; return; }
  major=
  if [ -r "$1/release" ]; then
    major=$(sed -n 's/^JAVA_VERSION="\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' "$1/release" | head -n 1)
  fi
  if [ -z "$major" ]; then
    major=$("$1/bin/java" -version 2>&1 |
      sed -n 's/.*version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' | head -n 1)
  fi
  echo "${major:-0}"
}

# java_of_path: the folder of the java on the PATH, through all links.
java_of_path() {
  found=$(command -v java) || return 0
  # readlink -f is no POSIX, but every system that this runs on has it.
  found=$(readlink -f "$found" 2>/dev/null) || return 0
  dirname "$(dirname "$found")"
}

# find_java MINIMUM PROGRAM: prints the first Java folder that is new enough and has bin/PROGRAM.
# What was asked for comes first; of the usual folders the newest.
find_java() {
  for java_home in "${FRESHET_JAVA_HOME:-}" "${JAVA_HOME:-}" "$(java_of_path)"; do
    [ -n "$java_home" ] && [ -x "$java_home/bin/$2" ] || continue
    [ "$(java_major "$java_home")" -lt "$1" ] || { echo "$java_home"; return 0; }
  done
  best=
  best_major=$(($1 - 1))
  for java_home in /usr/lib/jvm/* /opt/* /opt/java/* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -x "$java_home/bin/$2" ] || continue
    major=$(java_major "$java_home")
    if [ "$major" -gt "$best_major" ]; then
      best=$java_home
      best_major=$major
    fi
  done
  [ -n "$best" ] && echo "$best"
}

launch_fail() {
  printf '%s\n' "$@" >&2
  exit 69
}

# described NAME FOLDER: what was looked at and why it would not do.
described() {
  if [ -z "$2" ]; then echo "  $1: not set"
  elif [ ! -x "$2/bin/java" ]; then echo "  $1: $2 has no bin/java"
  else echo "  $1: $2 is Java $(java_major "$2")"
  fi
}

# require_java PROGRAM NAME PACKAGE: the folder of a Java that has this program.
require_java() {
  find_java 21 "$1" || launch_fail \
    "freshet: no $2 21 or newer found. Looked at:" \
    "$(described FRESHET_JAVA_HOME "${FRESHET_JAVA_HOME:-}")" \
    "$(described JAVA_HOME "${JAVA_HOME:-}")" \
    "$(described 'java on the PATH' "$(java_of_path)")" \
    "  folders: /usr/lib/jvm/* /opt/* ~/.sdkman/candidates/java/* ~/.jdks/*" \
    "           /Library/Java/JavaVirtualMachines/*/Contents/Home" \
    "Install one (for example the package openjdk-21-$3-headless), or point" \
    "FRESHET_JAVA_HOME at the folder of one."
}

# is_source_tree: what was unpacked from a distribution has its jars in lib/, and is never built.
is_source_tree() {
  [ -f "$root/pom.xml" ]
}

# is_built: each module's jar is there, and no source is newer.
is_built() {
  for part in replicator indexer; do
    jar=
    for file in "$root/$part/target/freshet-$part"-*.jar; do
      case $file in *-tests.jar | *-sources.jar) continue ;; esac
      [ -f "$file" ] && jar=$file
    done
    [ -n "$jar" ] && [ -d "$root/$part/target/lib" ] || return 1
    if [ -n "$(find "$root/pom.xml" "$root/$part/pom.xml" "$root/$part/src/main" \
      -type f -newer "$jar" -print 2>/dev/null | head -n 1)" ]; then
      return 1
    fi
  done
}

# The lock is a folder: mkdir either makes it or fails, on every file system. It holds its owner's
# process id, so that one left by a killed build is taken over.
lock_build() {
  waited=
  until mkdir "$lock" 2>/dev/null; do
    [ -d "$lock" ] || launch_fail "freshet: $lock can't be made: is $root writable?"
    owner=$(cat "$lock/pid" 2>/dev/null) || owner=
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
      # Only one taker wins the rename; the others find it gone and queue up again.
      mv "$lock" "$lock.$$" 2>/dev/null && rm -rf "$lock.$$"
      continue
    fi
    [ -n "$waited" ] || echo "freshet: another process (${owner:-starting}) is building; waiting" >&2
    waited=1
    sleep 1
  done
  echo $$ >"$lock/pid"
  trap 'rm -rf "$lock"' EXIT
  trap 'exit 130' INT TERM HUP
}

unlock_build() {
  rm -rf "$lock"
  trap - EXIT INT TERM HUP
}

build_if_needed() {
  is_source_tree || return 0
  is_built && return
  jdk=$(require_java javac JDK jdk) || exit $?
  lock=$root/.build-lock
  lock_build
  if ! is_built; then
    echo "freshet: building (first run, or the sources have changed)" >&2
    # Libraries of an older version would stay on the class path beside the new ones.
    rm -rf "$root/replicator/target/lib" "$root/indexer/target/lib" "$root/indexer/target/demo-lib"
    (cd "$root" && JAVA_HOME=$jdk ./mvnw -B -ntp -q -DskipTests -Dassembly.skipAssembly package </dev/null >&2) || {
      unlock_build
      launch_fail "freshet: the build failed, see above; nothing was started"
    }
    # A source that changes nothing compiled leaves the jar as it was, and one that changes during
    # the build must still count as newer: the jars get the time at which the build began.
    touch -r "$lock/pid" "$root"/replicator/target/freshet-replicator-*.jar "$root"/indexer/target/freshet-indexer-*.jar
  fi
  unlock_build
}

# jars MODULE: the module's own jar and its libraries, as a class path.
jars() {
  is_source_tree || { printf '%s' "$root/lib/*"; return; }
  for file in "$root/$1/target/freshet-$1"-*.jar; do
    case $file in *-tests.jar | *-sources.jar) ;; *) printf '%s:' "$file" ;; esac
  done
  printf '%s' "$root/$1/target/lib/*"
}

# class_archives MODULE: the folder of its class archives, nothing if there is no place for one. What
# was unpacked may belong to somebody else, so there they are among the user's own caches.
class_archives() {
  if is_source_tree; then echo "$root/$1/target/class-archives"
  elif [ -n "${XDG_CACHE_HOME:-}" ]; then echo "$XDG_CACHE_HOME/freshet/class-archives/$1"
  elif [ -n "${HOME:-}" ]; then echo "$HOME/.cache/freshet/class-archives/$1"
  fi
}

# class_archive MODULE VERB: where the archive of the classes that this verb loads is; nothing for a
# verb that nobody runs every second, or where none can be written. The first run makes it at its
# end. Its name tells the jars and the Java that it is of, since Java makes one that does not fit
# them anew in some cases only. Jars of a release all have one time, so the inode's own time counts:
# nobody can set that.
class_archive() {
  case $2 in build | pull | status | check-config | check-freshness) ;; *) return ;; esac
  folder=$(class_archives "$1")
  mkdir -p "$folder" 2>/dev/null || :
  [ -w "$folder" ] || return 0
  stamp=$(ls -lnic "$root"/lib/*.jar "$root/$1"/target/*.jar "$root/$1"/target/lib/*.jar \
    "$java_home/release" 2>/dev/null | cksum)
  archive=$folder/$2-${stamp%% *}.jsa
  [ -f "$archive" ] || rm -f "$folder/$2"-*.jsa
  printf '%s' "$archive"
}

# launch MODULE MAIN-CLASS [ARGUMENT ...]
launch() {
  module=$1
  main=$2
  shift 2
  build_if_needed
  java_home=$(require_java java 'Java runtime' jre) || exit $?
  classpath=$(jars "$module")
  flags='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto'
  archive=
  case $main:${1:-} in
    *.DemoMain:* | *.BenchmarkMain:*)
      classpath=$classpath:$root/indexer/target/demo-lib/*
      flags=
      ;;
    *:run | *:serve) flags= ;;
    # Minutes of work at full load: worth compiling well, a collector of all processors, and a heap
    # of a quarter of the memory, but 1.5 GB at most: more makes nothing faster.
    *:rebuild) flags='-XX:+UseParallelGC -XX:MaxRAM=6g' ;;
    *) archive=$(class_archive "$module" "${1:-}") ;;
  esac
  # An archive that is damaged is passed over in silence: it says nothing about the verb.
  [ -z "$archive" ] || flags="$flags -XX:+AutoCreateSharedArchive -Xlog:disable"
  # The JDK's HTTP client reads 16 KiB at a time if left to itself: a first sync is slower by that.
  # FRESHET_JAVA_OPTS is split at blanks on purpose, and comes last, so that it wins.
  # shellcheck disable=SC2086
  exec "$java_home/bin/java" $flags ${archive:+"-XX:SharedArchiveFile=$archive"} \
    --enable-native-access=ALL-UNNAMED -Djdk.httpclient.bufsize=131072 \
    "-Dfreshet.home=$root" ${FRESHET_JAVA_OPTS:-} -cp "$classpath" "$main" "$@"
}
