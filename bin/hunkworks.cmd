@echo off
rem UNVERIFIED: written from the documentation, never run on Windows. The tested launcher is bin/hunkworks,
rem which Git Bash runs as it is.
setlocal
set "HUNKWORKS_ENTRY=%~dp0..\src\hunkworks\cli\environment"
if defined HUNKWORKS_PYTHON (
  "%HUNKWORKS_PYTHON%" -I "%~dp0..\src\hunkworks\cli\start.py" %*
  exit /b
)
set "HUNKWORKS_FOUND="
rem py is the launcher of python.org; python and python3 may be the Store's stub, which fails this probe.
for %%P in ("py -3" python python3) do (
  if not defined HUNKWORKS_FOUND (
    %%~P -I -S -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "HUNKWORKS_FOUND=%%~P"
  )
)
if not defined HUNKWORKS_FOUND (
  echo hunkworks: there is no Python that can run this. expected Python 3.11 or newer. fix: winget install Python.Python.3.13 1>&2
  exit /b 2
)
if "%~1"=="mcp" (
  %HUNKWORKS_FOUND% -I -S "%~dp0..\src\hunkworks\mcp\server.py"
  exit /b
)
if "%~1"=="environment" (
  %HUNKWORKS_FOUND% -I -S "%HUNKWORKS_ENTRY%" %2 %3 %4 %5
  exit /b
)
%HUNKWORKS_FOUND% -I -S "%HUNKWORKS_ENTRY%" run %*
exit /b
