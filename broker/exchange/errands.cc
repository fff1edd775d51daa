#include "broker/exchange/errands.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_format.h"
#include "broker/exchange/leaves.h"
#include "lib/base/byte_io.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"

namespace sluis::exchange {
namespace {

constexpr std::array<std::string_view, 3> kKinds = {"revoke/", "shred/", "arrangement/"};

constexpr int kLastDigits = 16;

std::string_view PrefixOf(OrderKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

absl::Status Unreadable() {
  return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
               "a stored errand cannot be read; call the operator");
}

absl::StatusOr<SignedBytes> ReadBody(const Bytes& body) {
  ByteReader reader(body);
  SLUIS_ASSIGN_OR_RETURN(const BytesView bytes, reader.Lp2());
  SLUIS_ASSIGN_OR_RETURN(const BytesView signature, reader.Lp2());
  SLUIS_RETURN_IF_ERROR(reader.Finish());
  return SignedBytes{Bytes(bytes), Bytes(signature)};
}

}  // namespace

std::string HopQueue(int hop) { return absl::StrFormat("hop %d", hop); }

std::string SessionQueue(const PartyId& party) { return "session " + party.ToString(); }

storage::ErrandRecord OrderErrand(int hop, OrderKind kind, const SignedBytes& order,
                                  absl::Time now) {
  ByteWriter body;
  body.Lp2(order.bytes).Lp2(order.signature);
  return {.queue = HopQueue(hop),
          .id = std::string(PrefixOf(kind)) + HexEncode(AsView(Sha256(order.bytes))),
          .body = std::move(body).Take(),
          .create_time = now};
}

storage::ErrandRecord ArrangementErrand(int hop, const std::string& arrangement, absl::Time now) {
  return {.queue = HopQueue(hop),
          .id = std::string(PrefixOf(OrderKind::kArrangement)) + arrangement,
          .body = {},
          .create_time = now};
}

absl::StatusOr<Order> OrderOf(const storage::ErrandRecord& errand) {
  for (const OrderKind kind : {OrderKind::kRevoke, OrderKind::kShred, OrderKind::kArrangement}) {
    if (!errand.id.starts_with(PrefixOf(kind))) continue;
    if (kind == OrderKind::kArrangement)
      return Order{kind, {}, errand.id.substr(PrefixOf(kind).size())};
    absl::StatusOr<SignedBytes> order = ReadBody(errand.body);
    if (!order.ok()) return Unreadable();
    return Order{kind, *std::move(order), {}};
  }
  return Unreadable();
}

storage::ErrandRecord TripErrand(const Turn& turn, const ExchangeId& exchange) {
  const Caller& caller = turn.caller;
  const Json releaser = {{"organisation", caller.party.oin.str()},
                         {"unit", caller.party.unit.str()},
                         {"person", caller.person},
                         {"mandate", caller.mandate},
                         {"directory", turn.directory.version()}};
  return {
      .queue = kTripQueue, .id = exchange.hex(), .body = releaser.dump(), .create_time = turn.now};
}

absl::StatusOr<Releaser> ReleaserOf(const storage::ErrandRecord& trip) {
  try {
    const Json json = Json::parse(trip.body);
    Releaser releaser;
    Caller& caller = releaser.caller;
    SLUIS_ASSIGN_OR_RETURN(caller.party.oin,
                           Oin::Parse(json.at("organisation").get<std::string>()));
    SLUIS_ASSIGN_OR_RETURN(caller.party.unit, UnitPath::Parse(json.at("unit").get<std::string>()));
    caller.person = json.at("person").get<std::string>();
    caller.mandate = json.at("mandate").get<std::string>();
    releaser.directory_version = json.at("directory").get<std::int64_t>();
    return releaser;
  } catch (const Json::exception&) {
    // The library's text would quote what was stored.
    return Unreadable();
  }
}

absl::StatusOr<bool> IsLeft(storage::Reader& reader, const storage::ErrandRecord& errand) {
  // An id ends in a digest, so nothing else stands right behind the same id without its last digit.
  const std::string_view before = std::string_view(errand.id).substr(0, errand.id.size() - 1);
  SLUIS_ASSIGN_OR_RETURN(const std::vector<storage::ErrandRecord> next,
                         reader.ListErrands(errand.queue, before, kLastDigits));
  return std::any_of(next.begin(), next.end(),
                     [&](const storage::ErrandRecord& left) { return left.id == errand.id; });
}

absl::Status LeaveErrand(Turn& turn, storage::ErrandRecord errand) {
  turn.errands = true;
  return turn.store.PutErrand(errand);
}

}  // namespace sluis::exchange
