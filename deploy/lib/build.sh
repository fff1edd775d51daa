# Configures and builds a preset, with few lines and a log of everything. Sourced, after say.sh and machine.sh,
# with the root of the repository as working directory.
# shellcheck shell=bash

# build_lock PRESET: waits until no other run works in this preset's folder, and holds it until the program ends.
build_lock() {
  mkdir -p "build/$1"
  exec {build_lock_fd}>"build/$1/.lock"
  flock -n "$build_lock_fd" && return
  say "build: waiting for another run in build/$1"
  flock "$build_lock_fd"
}

build_configure() {
  local log="build/$1/configure.log"
  if ! cmake --preset "$1" >"$log" 2>&1 </dev/null; then
    tail -n 40 "$log" >&2
    die "configuring preset $1 failed; all of it stands in $log. Run deploy/setup if a package is missing."
  fi
}

# build_targets PRESET JOBS [TARGET...]: builds these, or everything.
build_targets() {
  local preset="$1" jobs="$2" started="$SECONDS"
  local log="build/$preset/build.log"
  shift 2
  say "build: preset $preset, ${*:-everything}, $jobs at a time"
  if ! NINJA_STATUS='[%p %f/%t] ' nice ninja -C "build/$preset" -j "$jobs" "$@" </dev/null 2>&1 |
    tee "$log" | build_progress; then
    # The first fault, with what the compiler says of it.
    sed -n '/^FAILED: /,$p' "$log" | grep -v '^\[' | head -n 60 >&2
    die "building preset $preset failed; all of it stands in $log"
  fi
  say "build: done in $(elapsed "$started")"
}

# One line for each tenth of the work. Not awk: mawk reads a pipe in blocks, and progress would come late.
build_progress() {
  local line last=0
  while IFS= read -r line; do
    if [[ "$line" =~ ^\[\ *([0-9]+)%\ ([0-9]+/[0-9]+)\] ]] && ((BASH_REMATCH[1] / 10 > last)); then
      last=$((BASH_REMATCH[1] / 10))
      say "build: ${BASH_REMATCH[1]}%, ${BASH_REMATCH[2]}"
    fi
  done
}
