# What this machine can carry. Sourced.
# shellcheck shell=bash

# build_jobs: as many compilers as there are processors, but no more than memory holds. A unit that
# includes gRPC takes about 1 GB with debug information.
build_jobs() {
  local processors memory_kb jobs
  processors="$(nproc)"
  memory_kb="$(sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' /proc/meminfo)"
  jobs=$((${memory_kb:-1048576} / 1048576))
  ((jobs <= processors)) || jobs="$processors"
  ((jobs >= 1)) || jobs=1
  printf '%d\n' "$jobs"
}
