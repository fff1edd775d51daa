#include "lib/sealing/release_header.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/sealing/code_text.h"

namespace sluis {
namespace {

using namespace std::string_view_literals;

constexpr BytesView kPrefix = "sluis/header/v1\0"sv;
constexpr std::uint8_t kReleaseHeaderVersion = 1;

absl::Status Invalid(std::string_view reason, std::string_view message) {
  return Error(ErrorCode::kInvalid, reason, message);
}

absl::Status CheckCounts(std::size_t fields, std::size_t requests) {
  if (fields == 0) return Invalid("E_EMPTY_BATCH", "a release holds at least one field");
  if (fields > kMaxReleasedFields || requests > kMaxSignedRequests) {
    return Invalid("E_BATCH_SIZE", "a release holds at most 64 fields and 64 signed requests");
  }
  return absl::OkStatus();
}

absl::Status CheckFields(const std::vector<ReleasedField>& fields) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!IsCodeText(fields[i].field) || !IsCodeText(fields[i].form)) {
      return Invalid("E_STATEMENT",
                     absl::StrFormat("header field %d: field and form are codes", i));
    }
    if (!names.insert(fields[i].field).second) {
      return Invalid("E_STATEMENT", absl::StrFormat("header field %d stands twice", i));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckHeader(const ReleaseHeader& header) {
  SLUIS_RETURN_IF_ERROR(CheckCounts(header.fields.size(), header.signed_requests.size()));
  if (header.exchange.empty()) return Invalid("E_STATEMENT", "header without an exchange");
  if (!IsCodeText(header.regime) || !IsCodeText(header.subject_category)) {
    return Invalid("E_STATEMENT", "regime and subject category of a header are codes");
  }
  SLUIS_RETURN_IF_ERROR(CheckFields(header.fields));
  const std::set<Digest> requests(header.signed_requests.begin(), header.signed_requests.end());
  if (requests.size() != header.signed_requests.size()) {
    return Invalid("E_STATEMENT", "a signed request stands twice in the header");
  }
  return absl::OkStatus();
}

template <std::size_t N>
absl::StatusOr<std::array<std::uint8_t, N>> ReadArray(ByteReader& reader) {
  SLUIS_ASSIGN_OR_RETURN(const BytesView raw, reader.Raw(N));
  std::array<std::uint8_t, N> out;
  std::copy(raw.begin(), raw.end(), out.begin());
  return out;
}

absl::Status ReadFields(ByteReader& reader, std::vector<ReleasedField>& fields) {
  SLUIS_ASSIGN_OR_RETURN(const std::uint16_t count, reader.U16());
  SLUIS_RETURN_IF_ERROR(CheckCounts(count, 0));
  for (int i = 0; i < count; ++i) {
    ReleasedField field;
    SLUIS_ASSIGN_OR_RETURN(field.field, reader.Lp2());
    SLUIS_ASSIGN_OR_RETURN(field.form, reader.Lp2());
    SLUIS_ASSIGN_OR_RETURN(field.sealed_digest, ReadArray<32>(reader));
    fields.push_back(std::move(field));
  }
  return absl::OkStatus();
}

absl::Status ReadRequests(ByteReader& reader, std::vector<Digest>& requests) {
  SLUIS_ASSIGN_OR_RETURN(const std::uint16_t count, reader.U16());
  SLUIS_RETURN_IF_ERROR(CheckCounts(1, count));
  for (int i = 0; i < count; ++i) {
    SLUIS_ASSIGN_OR_RETURN(const Digest digest, ReadArray<32>(reader));
    requests.push_back(digest);
  }
  return absl::OkStatus();
}

Bytes SignedBytes(BytesView header) {
  return ByteWriter().Raw(kPrefix).Raw(AsView(Sha256(header))).bytes();
}

}  // namespace

absl::StatusOr<Bytes> EncodeReleaseHeader(const ReleaseHeader& header) {
  SLUIS_RETURN_IF_ERROR(CheckHeader(header));
  ByteWriter writer;
  writer.Raw(header.exchange.bytes())
      .U8(kReleaseHeaderVersion)
      .Lp2(header.regime)
      .Lp2(header.subject_category)
      .U8(header.subject_verified ? 1 : 0)
      .U16(static_cast<std::uint16_t>(header.fields.size()));
  for (const ReleasedField& field : header.fields) {
    writer.Lp2(field.field).Lp2(field.form).Raw(AsView(field.sealed_digest));
  }
  writer.U16(static_cast<std::uint16_t>(header.signed_requests.size()));
  for (const Digest& request : header.signed_requests) writer.Raw(AsView(request));
  return std::move(writer).Take();
}

absl::StatusOr<ReleaseHeader> ParseReleaseHeader(BytesView bytes) {
  ReleaseHeader header;
  ByteReader reader(bytes);
  SLUIS_ASSIGN_OR_RETURN(const auto exchange, ReadArray<16>(reader));
  header.exchange = ExchangeId::FromBytes(exchange);
  SLUIS_ASSIGN_OR_RETURN(const std::uint8_t version, reader.U8());
  if (version != kReleaseHeaderVersion)
    return Invalid("E_VERSION", "a release header of an unknown version");
  SLUIS_ASSIGN_OR_RETURN(header.regime, reader.Lp2());
  SLUIS_ASSIGN_OR_RETURN(header.subject_category, reader.Lp2());
  SLUIS_ASSIGN_OR_RETURN(const std::uint8_t verified, reader.U8());
  if (verified > 1) return Invalid("E_FLAGS", "subject verified is 0 or 1");
  header.subject_verified = verified == 1;
  SLUIS_RETURN_IF_ERROR(ReadFields(reader, header.fields));
  SLUIS_RETURN_IF_ERROR(ReadRequests(reader, header.signed_requests));
  SLUIS_RETURN_IF_ERROR(reader.Finish());
  SLUIS_RETURN_IF_ERROR(CheckHeader(header));
  return header;
}

Bytes SignReleaseHeader(BytesView header, const Ed25519PrivateKey& provider) {
  return provider.Sign(SignedBytes(header));
}

absl::Status VerifyReleaseHeader(BytesView header, BytesView signature,
                                 const Ed25519PublicKey& provider) {
  return provider.Verify(SignedBytes(header), signature);
}

absl::Status CheckReleasedFields(const ReleaseHeader& header, std::span<const SealedView> sealed) {
  if (sealed.size() != header.fields.size()) {
    return Invalid("E_PAYLOAD",
                   "the release does not hold as many sealed fields as its header names");
  }
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    const bool same = sealed[i].digest == header.fields[i].sealed_digest &&
                      sealed[i].label.field == header.fields[i].field &&
                      AsView(sealed[i].label.seal_id) == header.exchange.bytes();
    if (!same) {
      return Invalid("E_PAYLOAD",
                     absl::StrFormat("sealed field %d is not the one of the header", i));
    }
  }
  return absl::OkStatus();
}

}  // namespace sluis
