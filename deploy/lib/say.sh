# What scripts say, and how they stop. Sourced; talk goes to stderr, so that stdout stays for data.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }

# die MESSAGE...: says it and ends the program with code 1.
die() {
  say "error: $*"
  exit 1
}

# usage_error MESSAGE...: as die, for a call that cannot be understood (code 2).
usage_error() {
  say "error: $*"
  exit 2
}

# elapsed SINCE: seconds and minutes since SINCE, a value of $SECONDS, as 3m07s.
elapsed() {
  local passed=$((SECONDS - $1))
  printf '%dm%02ds' $((passed / 60)) $((passed % 60))
}
