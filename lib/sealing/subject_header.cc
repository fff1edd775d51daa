#include "lib/sealing/subject_header.h"

#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/crypto/hash.h"

namespace sluis {
namespace {

using namespace std::string_view_literals;

constexpr BytesView kSubjectHeaderPrefix = "sluis/subject/v1\0"sv;
constexpr std::uint8_t kSubjectHeaderVersion = 1;

Bytes SignedBytes(const SubjectHeader& header) {
  return ByteWriter()
      .Raw(kSubjectHeaderPrefix)
      .Raw(AsView(Sha256(EncodeSubjectHeader(header))))
      .bytes();
}

}  // namespace

Bytes EncodeSubjectHeader(const SubjectHeader& header) {
  return ByteWriter()
      .U8(kSubjectHeaderVersion)
      .Raw(AsView(header.request_id))
      .Lp2(header.sender.oin.str())
      .Lp2(header.sender.unit.str())
      .U8(header.subject_verified ? 1 : 0)
      .Raw(AsView(header.sealed_digest))
      .bytes();
}

Bytes SignSubjectHeader(const SubjectHeader& header, const Ed25519PrivateKey& sender) {
  return sender.Sign(SignedBytes(header));
}

absl::Status VerifySubjectHeader(const SubjectHeader& header, BytesView signature,
                                 const Ed25519PublicKey& sender) {
  return sender.Verify(SignedBytes(header), signature);
}

absl::Status CheckSealedSubject(const SubjectHeader& header, const SealedView& sealed) {
  const FieldLabel& label = sealed.label;
  const bool same = sealed.digest == header.sealed_digest && label.schema == kSubjectSchema &&
                    label.schema_version == kSubjectSchemaVersion && label.field == kSubjectField &&
                    label.seal_id == header.request_id && label.item_digest == Digest{};
  if (same) return absl::OkStatus();
  return Error(ErrorCode::kInvalid, "E_PAYLOAD",
               "the sealed field is not the identity that this request is about");
}

}  // namespace sluis
