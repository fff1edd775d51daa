#include "broker/transcryptor/route_cache.h"

#include "lib/base/byte_io.h"
#include "lib/base/status_macros.h"

namespace sluis::transcryptor {
namespace {

// A few kilobytes each.
constexpr std::size_t kMostRoutes = 1024;
constexpr std::size_t kMostHeaders = 65536;

Bytes KeyOf(const pseudonym::Route& route, const GroupElement& y_from) {
  return ByteWriter()
      .Lp2(route.d_from.bytes())
      .Lp2(route.d_to.bytes())
      .Lp2(route.c_from.bytes())
      .Lp2(route.c_to.bytes())
      .Raw(y_from.bytes())
      .bytes();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const PreparedRoute>> RouteCache::Get(const pseudonym::Route& route,
                                                                     const GroupElement& y_from,
                                                                     const Make& make) {
  const Bytes key = KeyOf(route, y_from);
  std::uint64_t generation = 0;
  {
    MutexLock lock(mutex_);
    const auto found = known_.find(key);
    if (found != known_.end()) return found->second;
    generation = generation_;
  }
  SLUIS_ASSIGN_OR_RETURN(PreparedRoute made, make());
  auto prepared = std::make_shared<const PreparedRoute>(std::move(made));
  MutexLock lock(mutex_);
  if (generation != generation_) return prepared;
  if (known_.size() >= kMostRoutes) known_.clear();
  known_[key] = prepared;
  return prepared;
}

void RouteCache::Clear() {
  MutexLock lock(mutex_);
  ++generation_;
  known_.clear();
}

void RouteCache::ClearDaily(absl::Time now) {
  const absl::CivilDay day = absl::ToCivilDay(now, absl::UTCTimeZone());
  MutexLock lock(mutex_);
  if (day == day_) return;
  day_ = day;
  ++generation_;
  known_.clear();
}

bool HeaderMemory::Contains(const Digest& digest) {
  MutexLock lock(mutex_);
  return known_.contains(digest);
}

void HeaderMemory::Remember(const Digest& digest) {
  MutexLock lock(mutex_);
  if (known_.size() >= kMostHeaders) known_.clear();
  known_.insert(digest);
}

}  // namespace sluis::transcryptor
