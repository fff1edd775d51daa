#include "clients/lib/pseudonym_table.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/human_form.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::edge {
namespace {

absl::StatusOr<v1::PseudonymDomain> Parse(const SecretBytes& content) {
  const BytesView bytes = content.Reveal(SecretAccess::ForStorage());
  v1::PseudonymDomain table;
  if (table.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return table;
  return Error(ErrorCode::kDataLoss, "STORE_DAMAGED",
               "a table of pseudonyms cannot be read; put it back from a backup");
}

v1::PseudonymRow* RowOf(v1::PseudonymDomain& table, const SeenPseudonym& seen, const SeenIn& in) {
  const BytesView bytes = seen.pseudonym.bytes(SecretAccess::ForStorage());
  for (v1::PseudonymRow& row : *table.mutable_rows()) {
    if (row.pseudonym() == bytes) return &row;
  }
  v1::PseudonymRow* row = table.add_rows();
  row->set_pseudonym(std::string(bytes));
  row->set_human_form(pseudonym::HumanForm(seen.pseudonym));
  row->set_scheme(kPseudonymScheme);
  row->set_key_set(ToBytes(in.key_set));
  return row;
}

void NoteOne(v1::PseudonymDomain& table, const SeenPseudonym& seen, const SeenIn& in) {
  v1::PseudonymRow* row = RowOf(table, seen, in);
  if (row->origin().empty()) row->set_origin(seen.origin);
  if (!seen.from_domain.empty()) {
    row->set_promoted_from_domain(seen.from_domain);
    row->set_promoted_from(seen.from_human_form);
  }
  for (const v1::Sighting& sighting : row->sightings()) {
    if (sighting.exchange() == in.exchange) return;
  }
  v1::Sighting* sighting = row->add_sightings();
  sighting->set_exchange(in.exchange);
  sighting->set_provider(in.provider);
  for (const std::string& field : seen.fields) sighting->add_fields(field);
  sighting->mutable_time()->set_seconds(absl::ToUnixSeconds(in.time));
}

// A table without rows goes, unless it tells that its domain is closed.
Bytes Serialized(const v1::PseudonymDomain& table) {
  return table.rows().empty() && !table.has_shred_time() ? Bytes() : table.SerializeAsString();
}

void ForgetIn(v1::PseudonymDomain& table, const std::string& exchange) {
  auto* rows = table.mutable_rows();
  for (int i = rows->size() - 1; i >= 0; --i) {
    auto* sightings = rows->Mutable(i)->mutable_sightings();
    sightings->erase(
        std::remove_if(sightings->begin(), sightings->end(),
                       [&](const v1::Sighting& seen) { return seen.exchange() == exchange; }),
        sightings->end());
    if (sightings->empty()) rows->erase(rows->begin() + i);
  }
}

absl::Status Unknown() {
  return Error(ErrorCode::kNotFound, "PSEUDONYM_UNKNOWN",
               "this pseudonym is not known here in that domain; look in `sluis pseudonym list`");
}

}  // namespace

absl::StatusOr<std::optional<v1::PseudonymDomain>> PseudonymTable::Read(
    const std::string& name) const {
  SLUIS_ASSIGN_OR_RETURN(const std::optional<SecretBytes> content, folder_.Read(name));
  if (!content) return std::nullopt;
  return Parse(*content);
}

absl::Status PseudonymTable::Note(const SeenIn& in, const std::vector<SeenPseudonym>& seen) const {
  if (seen.empty()) return absl::OkStatus();
  return folder_.Update(folder_.NameOf(in.domain.bytes()),
                        [&](const std::optional<SecretBytes>& before) -> absl::StatusOr<Bytes> {
                          v1::PseudonymDomain table;
                          if (before) {
                            SLUIS_ASSIGN_OR_RETURN(table, Parse(*before));
                          }
                          table.set_domain(in.domain.bytes());
                          for (const SeenPseudonym& one : seen) NoteOne(table, one, in);
                          return Serialized(table);
                        });
}

absl::StatusOr<std::vector<v1::PseudonymDomain>> PseudonymTable::List(
    const std::string& domain_id) const {
  SLUIS_ASSIGN_OR_RETURN(const std::vector<std::string> names, folder_.Names());
  std::vector<v1::PseudonymDomain> tables;
  for (const std::string& name : names) {
    SLUIS_ASSIGN_OR_RETURN(std::optional<v1::PseudonymDomain> table, Read(name));
    if (!table) continue;  // removed since we listed
    SLUIS_ASSIGN_OR_RETURN(const auto domain, pseudonym::Domain::DecodeCase(table->domain()));
    if (domain_id.empty() || domain.case_id() == domain_id) tables.push_back(*std::move(table));
  }
  std::sort(tables.begin(), tables.end(),
            [](const auto& a, const auto& b) { return a.domain() < b.domain(); });
  return tables;
}

absl::StatusOr<HeldPseudonym> PseudonymTable::Find(const std::string& domain_id,
                                                   const std::string& purpose,
                                                   std::string_view human_form) const {
  SLUIS_ASSIGN_OR_RETURN(const std::string wanted, pseudonym::ParseHumanForm(human_form));
  SLUIS_ASSIGN_OR_RETURN(const auto tables, List(domain_id));
  std::optional<HeldPseudonym> found;
  for (const v1::PseudonymDomain& table : tables) {
    SLUIS_ASSIGN_OR_RETURN(const auto domain, pseudonym::Domain::DecodeCase(table.domain()));
    if (domain.purpose() != purpose) continue;
    if (table.has_shred_time()) {
      return pseudonym::Refuse("E_CASE_CLOSED",
                               "this domain was shredded: nobody can link it again");
    }
    for (const v1::PseudonymRow& row : table.rows()) {
      if (row.human_form() != wanted) continue;
      if (found) {
        return Error(ErrorCode::kPrecondition, "PSEUDONYM_AMBIGUOUS",
                     "two subjects of this domain share this human form; name the exchange to the "
                     "partner instead");
      }
      SLUIS_ASSIGN_OR_RETURN(
          auto held, pseudonym::CasePseudonym::Decode(SecretBytes::CopyOf(row.pseudonym())));
      found = HeldPseudonym{domain, std::move(held), wanted};
    }
  }
  if (!found) return Unknown();
  return *std::move(found);
}

absl::Status PseudonymTable::Forget(const std::string& exchange) const {
  SLUIS_ASSIGN_OR_RETURN(const std::vector<std::string> names, folder_.Names());
  for (const std::string& name : names) {
    SLUIS_RETURN_IF_ERROR(folder_.Update(
        name, [&](const std::optional<SecretBytes>& before) -> absl::StatusOr<Bytes> {
          if (!before) return Bytes();
          SLUIS_ASSIGN_OR_RETURN(v1::PseudonymDomain table, Parse(*before));
          ForgetIn(table, exchange);
          return Serialized(table);
        }));
  }
  return absl::OkStatus();
}

absl::Status PseudonymTable::MarkShredded(const pseudonym::Domain& domain, absl::Time time) const {
  return folder_.Update(folder_.NameOf(domain.bytes()),
                        [&](const std::optional<SecretBytes>& before) -> absl::StatusOr<Bytes> {
                          v1::PseudonymDomain table;
                          if (before) {
                            SLUIS_ASSIGN_OR_RETURN(table, Parse(*before));
                          }
                          table.set_domain(domain.bytes());
                          table.mutable_shred_time()->set_seconds(absl::ToUnixSeconds(time));
                          return Serialized(table);
                        });
}

std::string CountClass(std::size_t count) {
  if (count <= 2) return std::to_string(count);
  return count <= 5 ? "3-5" : "more";
}

}  // namespace sluis::edge
