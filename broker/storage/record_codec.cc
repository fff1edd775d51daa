#include "broker/storage/record_codec.h"

#include <algorithm>
#include <concepts>
#include <limits>
#include <type_traits>
#include <utility>

#include "broker/storage/engine_rules.h"
#include "lib/base/byte_io.h"

namespace sluis::storage {
namespace {

constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

// The newest form of each record; older ones are still read.
template <typename Record>
constexpr std::uint8_t kForm = 1;
template <>
constexpr std::uint8_t kForm<CaseRecord> = 2;
template <>
constexpr std::uint8_t kForm<ExchangeRecord> = 3;
template <>
constexpr std::uint8_t kForm<MailboxRecord> = 3;

template <typename T, typename... Others>
concept OneOf = (std::same_as<std::remove_const_t<T>, Others> || ...);

// The fields of each record, named once: the encoder and the decoder both walk this list.
template <typename Archive, OneOf<PartyId> T>
void Fields(Archive& a, T& r) {
  a(r.oin), a(r.unit);
}

template <typename Archive, OneOf<HitRecord> T>
void Fields(Archive& a, T& r) {
  a(r.provider), a(r.asker), a(r.exchange), a(r.position), a(r.time);
}

template <typename Archive, OneOf<CaseRecord> T>
void Fields(Archive& a, T& r) {
  a(r.id), a(r.holder), a(r.phase), a(r.open), a(r.participants), a(r.create_time), a(r.version);
  if (a.form() < 2) return;
  a(r.hits);
}

template <typename Archive, OneOf<ApprovalRecord> T>
void Fields(Archive& a, T& r) {
  a(r.role), a(r.organisation), a(r.person), a(r.granted), a(r.time);
}

template <typename Archive, OneOf<SubjectRecord> T>
void Fields(Archive& a, T& r) {
  a(r.sealed), a(r.verified), a(r.signature), a(r.request_id);
}

template <typename Archive, OneOf<ExchangeRecord> T>
void Fields(Archive& a, T& r) {
  a(r.id), a(r.owner), a(r.action), a(r.purpose), a(r.basis);
  a(r.provider), a(r.recipient), a(r.provider_desk), a(r.recipient_desk);
  a(r.case_id), a(r.case_phase), a(r.regime), a(r.subject_category), a(r.fields);
  a(r.subset), a(r.emergency), a(r.requester), a(r.subject), a(r.earlier), a(r.recall_kind);
  a(r.time_to_live), a(r.state), a(r.decision), a(r.approvals), a(r.refusal_reason);
  a(r.create_time), a(r.expire_time), a(r.retain_until), a(r.recalled_by), a(r.answer_leaf), a(r.leaves);
  if (a.form() < 2) return;
  a(r.from_domain), a(r.from_purpose), a(r.domain), a(r.statement), a(r.queue_reason);
  a(r.release_refusal);
  if (a.form() < 3) return;
  a(r.register_name), a(r.subject_sent), a(r.positions);
}

template <typename Archive, OneOf<CommitmentRecord> T>
void Fields(Archive& a, T& r) {
  a(r.subject), a(r.point), a(r.signature);
}

template <typename Archive, OneOf<HopRecord> T>
void Fields(Archive& a, T& r) {
  a(r.batch_response), a(r.payload_digests), a(r.signature), a(r.proof_digest), a(r.sealed_proof);
  a(r.commitments);
}

template <typename Archive, OneOf<TranscryptionRecord> T>
void Fields(Archive& a, T& r) {
  a(r.first), a(r.second);
}

template <typename Archive, OneOf<QuestionRecord> T>
void Fields(Archive& a, T& r) {
  a(r.signed_request), a(r.statement), a(r.transcryption);
}

template <typename Archive, OneOf<MailboxRecord> T>
void Fields(Archive& a, T& r) {
  a(r.exchange), a(r.header), a(r.signature), a(r.sealed_fields), a(r.expire_time);
  if (a.form() < 2) return;
  a(r.signed_requests), a(r.statement), a(r.transcryptions);
  if (a.form() < 3) return;
  a(r.question);
}

template <typename Archive, OneOf<ArrangementRecord> T>
void Fields(Archive& a, T& r) {
  a(r.id), a(r.serial), a(r.statement), a(r.signatures), a(r.organisations);
}

template <typename Archive, OneOf<RequestRecord> T>
void Fields(Archive& a, T& r) {
  a(r.content), a(r.answer), a(r.leaves), a(r.time);
}

class Encoder {
 public:
  explicit Encoder(std::uint8_t form) : form_(form) { out_.U8(form); }
  std::uint8_t form() const { return form_; }
  Bytes Take() && { return std::move(out_).Take(); }

  void operator()(const std::string& text) {
    out_.U32(static_cast<std::uint32_t>(text.size())).Raw(text);
  }
  void operator()(const Oin& oin) { (*this)(oin.str()); }
  void operator()(const UnitPath& unit) { (*this)(unit.str()); }
  template <typename Tag>
  void operator()(const RandomId<Tag>& id) {
    out_.Raw(id.bytes());
  }
  void operator()(const Digest& digest) { out_.Raw(AsView(digest)); }
  void operator()(bool value) { out_.U8(value ? 1 : 0); }
  void operator()(std::uint64_t value) { out_.U64(value); }
  void operator()(std::int64_t value) { out_.U64(static_cast<std::uint64_t>(value)); }
  void operator()(int value) { (*this)(std::int64_t{value}); }
  void operator()(ExchangeState state) { (*this)(static_cast<int>(state)); }
  void operator()(absl::Time time) { (*this)(NanosOf(time)); }
  void operator()(absl::Duration duration) { (*this)(absl::ToInt64Nanoseconds(duration)); }
  template <typename T>
  void operator()(const std::optional<T>& value) {
    (*this)(value.has_value());
    if (value) (*this)(*value);
  }
  template <typename T>
  void operator()(const std::vector<T>& list) {
    List(list);
  }
  template <typename T>
  void operator()(const std::set<T>& list) {
    List(list);
  }
  template <typename A, typename B>
  void operator()(const std::pair<A, B>& value) {
    (*this)(value.first), (*this)(value.second);
  }
  template <typename T>
  void operator()(const T& record) {
    Fields(*this, record);
  }

 private:
  template <typename Elements>
  void List(const Elements& list) {
    out_.U32(static_cast<std::uint32_t>(list.size()));
    for (const auto& element : list) (*this)(element);
  }

  const std::uint8_t form_;
  ByteWriter out_;
};

// The first fault ends it: what is read after that keeps its default.
class Decoder {
 public:
  Decoder(BytesView bytes, std::uint8_t newest) : in_(bytes), form_(Take(in_.U8())) {
    if (form_ < 1 || form_ > newest) ok_ = false;
  }
  std::uint8_t form() const { return form_; }
  bool Finish() const { return ok_ && in_.remaining() == 0; }

  void operator()(std::string& text) { text = Raw(Take(in_.U32())); }
  void operator()(Oin& oin) { Parsed(oin); }
  void operator()(UnitPath& unit) { Parsed(unit); }
  template <typename Tag>
  void operator()(RandomId<Tag>& id) {
    std::array<std::uint8_t, 16> bytes{};
    Fixed(bytes);
    id = RandomId<Tag>::FromBytes(bytes);
  }
  void operator()(Digest& digest) { Fixed(digest); }
  void operator()(bool& value) {
    const std::uint8_t byte = Take(in_.U8());
    if (byte > 1) ok_ = false;
    value = byte == 1;
  }
  void operator()(std::uint64_t& value) { value = Take(in_.U64()); }
  void operator()(std::int64_t& value) { value = static_cast<std::int64_t>(Take(in_.U64())); }
  void operator()(int& value) {
    const auto wide = static_cast<std::int64_t>(Take(in_.U64()));
    if (!std::in_range<int>(wide)) ok_ = false;
    value = static_cast<int>(wide);
  }
  void operator()(ExchangeState& state) {
    int value = 0;
    (*this)(value);
    if (value < static_cast<int>(ExchangeState::kDenied) || value > static_cast<int>(ExchangeState::kQueued)) {
      ok_ = false;
      return;
    }
    state = static_cast<ExchangeState>(value);
  }
  void operator()(absl::Time& time) { time = TimeOf(static_cast<std::int64_t>(Take(in_.U64()))); }
  void operator()(absl::Duration& duration) {
    const auto nanos = static_cast<std::int64_t>(Take(in_.U64()));
    duration = nanos == kForever ? absl::InfiniteDuration() : absl::Nanoseconds(nanos);
  }
  template <typename T>
  void operator()(std::optional<T>& value) {
    bool present = false;
    (*this)(present);
    if (ok_ && present) (*this)(value.emplace());
  }
  template <typename T>
  void operator()(std::vector<T>& list) {
    for (std::uint32_t left = Take(in_.U32()); ok_ && left > 0; --left) (*this)(list.emplace_back());
  }
  template <typename T>
  void operator()(std::set<T>& list) {
    for (std::uint32_t left = Take(in_.U32()); ok_ && left > 0; --left) {
      T element;
      (*this)(element);
      // Ascending, so that one set has one form.
      if (!list.empty() && !(*list.rbegin() < element)) ok_ = false;
      list.insert(list.end(), std::move(element));
    }
  }
  template <typename A, typename B>
  void operator()(std::pair<A, B>& value) {
    (*this)(value.first), (*this)(value.second);
  }
  template <typename T>
  void operator()(T& record) {
    Fields(*this, record);
  }

 private:
  template <typename T>
  T Take(absl::StatusOr<T> value) {
    if (ok_ && value.ok()) return *std::move(value);
    ok_ = false;
    return T();
  }
  std::string Raw(std::size_t size) { return std::string(Take(in_.Raw(size))); }
  template <typename Array>
  void Fixed(Array& bytes) {
    const std::string raw = Raw(bytes.size());
    std::copy(raw.begin(), raw.end(), bytes.begin());
  }
  // Empty means none; anything else must be what it says it is.
  template <typename Id>
  void Parsed(Id& id) {
    std::string text;
    (*this)(text);
    if (!text.empty()) id = Take(Id::Parse(text));
  }

  bool ok_ = true;
  ByteReader in_;
  const std::uint8_t form_;
};

}  // namespace

template <typename Record>
Bytes EncodeRecord(const Record& record) {
  Encoder encoder(kForm<Record>);
  Fields(encoder, record);
  return std::move(encoder).Take();
}

template <typename Record>
absl::StatusOr<Record> DecodeRecord(BytesView bytes) {
  Record record;
  Decoder decoder(bytes, kForm<Record>);
  Fields(decoder, record);
  if (!decoder.Finish()) {
    return StoreInconsistent("a stored record cannot be read; restore the database from the backup");
  }
  return record;
}

std::int64_t NanosOf(absl::Time time) { return absl::ToUnixNanos(time); }

absl::Time TimeOf(std::int64_t nanos) {
  if (nanos == kForever) return absl::InfiniteFuture();
  if (nanos == std::numeric_limits<std::int64_t>::min()) return absl::InfinitePast();
  return absl::FromUnixNanos(nanos);
}

template Bytes EncodeRecord(const CaseRecord&);
template Bytes EncodeRecord(const ExchangeRecord&);
template Bytes EncodeRecord(const MailboxRecord&);
template Bytes EncodeRecord(const ArrangementRecord&);
template Bytes EncodeRecord(const RequestRecord&);
template absl::StatusOr<CaseRecord> DecodeRecord(BytesView);
template absl::StatusOr<ExchangeRecord> DecodeRecord(BytesView);
template absl::StatusOr<MailboxRecord> DecodeRecord(BytesView);
template absl::StatusOr<ArrangementRecord> DecodeRecord(BytesView);
template absl::StatusOr<RequestRecord> DecodeRecord(BytesView);

}  // namespace sluis::storage
