#include "clients/lib/subject_index.h"

#include <algorithm>

#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::edge {
namespace {

absl::StatusOr<v1::SubjectTrace> Parse(const SecretBytes& content) {
  const BytesView bytes = content.Reveal(SecretAccess::ForStorage());
  v1::SubjectTrace trace;
  if (trace.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return trace;
  return Error(ErrorCode::kDataLoss, "STORE_DAMAGED",
               "an entry of the search by person cannot be read; put it back from a backup");
}

}  // namespace

std::string SubjectIndex::NameOf(const Subject& subject) const {
  Bytes framed = ByteWriter()
                     .Lp2(SubjectKindName(subject.kind()))
                     .Lp2(subject.value(SecretAccess::ForCrypto()))
                     .bytes();
  std::string name = folder_.NameOf(framed);
  WipeBytes(framed);
  return name;
}

absl::Status SubjectIndex::Note(const Subject& subject, const std::string& exchange,
                                const std::string& part, const Digest& item,
                                absl::Time time) const {
  const Bytes digest = item == Digest{} ? Bytes() : ToBytes(item);
  return folder_.Update(
      NameOf(subject), [&](const std::optional<SecretBytes>& before) -> absl::StatusOr<Bytes> {
        v1::SubjectTrace trace;
        if (before) {
          SLUIS_ASSIGN_OR_RETURN(trace, Parse(*before));
        }
        const bool known =
            std::any_of(trace.traces().begin(), trace.traces().end(), [&](const v1::Trace& one) {
              return one.exchange() == exchange && one.part() == part &&
                     one.item_digest() == digest;
            });
        if (!known) {
          v1::Trace* added = trace.add_traces();
          added->set_exchange(exchange);
          added->set_part(part);
          added->set_item_digest(digest);
          added->mutable_time()->set_seconds(absl::ToUnixSeconds(time));
        }
        return trace.SerializeAsString();
      });
}

absl::StatusOr<std::vector<v1::Trace>> SubjectIndex::Find(const Subject& subject) const {
  SLUIS_ASSIGN_OR_RETURN(const std::optional<SecretBytes> content, folder_.Read(NameOf(subject)));
  if (!content) return std::vector<v1::Trace>();
  SLUIS_ASSIGN_OR_RETURN(const v1::SubjectTrace trace, Parse(*content));
  return std::vector<v1::Trace>(trace.traces().begin(), trace.traces().end());
}

}  // namespace sluis::edge
