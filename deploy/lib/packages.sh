# Which Debian packages are wanted, which are missing, and installing those. Sourced, after say.sh.
# shellcheck shell=bash

# packages_wanted FILE: the names in FILE, one a line, without remarks.
packages_wanted() {
  local line
  while IFS= read -r line || [[ -n "$line" ]]; do
    line="${line%%#*}"
    line="${line//[[:space:]]/}"
    if [[ -n "$line" ]]; then printf '%s\n' "$line"; fi
  done <"$1"
}

# packages_missing FILE: those of them that dpkg does not know as installed.
packages_missing() {
  local -a wanted
  mapfile -t wanted < <(packages_wanted "$1")
  ((${#wanted[@]} > 0)) || die "$1 names no packages"
  # dpkg-query fails as soon as one name is unknown to it; its list is what counts.
  comm -23 <(printf '%s\n' "${wanted[@]}" | LC_ALL=C sort -u) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null |
      sed -n 's/^installed //p' | LC_ALL=C sort -u)
}

# packages_install NAME...: as root, without questions.
packages_install() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q </dev/null >&2 || die "apt-get update failed: check the network and /etc/apt/sources.list"
  apt-get install -y -q --no-install-recommends "$@" </dev/null >&2 ||
    die "apt-get could not install: $*. The names are those of Debian 12 (bookworm)."
}
