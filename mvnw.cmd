@echo off
rem Runs the Maven on the PATH; where there is none, says what to do.
where mvn >nul 2>nul
if errorlevel 1 (
  echo mvnw: no Maven on the PATH. Install Maven 3.9 and a JDK 21 or newer, or run ./mvnw in WSL. 1>&2
  exit /b 1
)
call mvn %*
exit /b %errorlevel%
