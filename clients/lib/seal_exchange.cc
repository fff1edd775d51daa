#include "clients/lib/seal_exchange.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "clients/lib/directory_cache.h"
#include "clients/lib/references.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/sealing/release_header.h"
#include "lib/sealing/sealed_field.h"
#include "lib/sealing/subject_header.h"

namespace sluis::edge {
namespace {

absl::Time WholeSeconds(absl::Time time) {
  return absl::FromUnixSeconds(absl::ToUnixSeconds(time));
}

absl::StatusOr<SealContext> ContextOf(const wire::Exchange& exchange, const PartyId& sender,
                                      const PartyId& recipient) {
  SLUIS_ASSIGN_OR_RETURN(const CaseId the_case, ParseCaseName(exchange.case_()));
  return SealContext{.sender = sender,
                     .recipient = recipient,
                     .case_id = the_case.hex(),
                     .purpose = exchange.purpose()};
}

absl::StatusOr<SealId> SealIdOf(BytesView bytes) {
  SealId id;
  if (bytes.size() != id.size()) {
    return Error(ErrorCode::kInvalid, "E_LENGTH", "a seal id has 16 bytes");
  }
  std::copy(bytes.begin(), bytes.end(), id.begin());
  return id;
}

absl::StatusOr<SealId> SealIdOfRequest(const std::string& request_id) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes bytes, ParseUuid(request_id));
  return SealIdOf(bytes);
}

absl::Status BadValue(std::size_t i, std::string_view what) {
  return InvalidField("FIELD_INVALID", absl::StrFormat("values[%d]", i), what);
}

// Before anything is sealed: the broker would refuse the whole release.
absl::Status CheckValues(const wire::Exchange& exchange, const ReleaseContent& content) {
  const std::set<std::string> asked(exchange.fields().begin(), exchange.fields().end());
  std::map<std::string, std::string> permitted;
  for (const wire::FieldForm& field : exchange.decision().fields()) {
    permitted[field.field()] = field.form();
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < content.values.size(); ++i) {
    const ReleaseValue& value = content.values[i];
    if (!asked.contains(value.field)) return BadValue(i, "this field was not asked; leave it out");
    if (!seen.insert(value.field).second) return BadValue(i, "this field stands twice");
    const auto form = permitted.find(value.field);
    // A decision that still waits for this answer as its approval names no fields yet.
    if (permitted.empty()) continue;
    if (form == permitted.end()) return BadValue(i, "this field may not be released; leave it out");
    if (form->second != value.form) {
      return BadValue(i, absl::StrFormat("must be released in form %s", form->second));
    }
  }
  return absl::OkStatus();
}

v1::AnswerHeader HeaderOf(const wire::Exchange& exchange, const PartyId& provider,
                          const ReleaseHeader& header, absl::Time now) {
  v1::AnswerHeader answer;
  answer.set_exchange(exchange.name());
  answer.set_action(exchange.action());
  answer.set_purpose(exchange.purpose());
  answer.set_legal_basis(exchange.legal_basis());
  answer.set_case_(exchange.case_());
  answer.set_provider(provider.ToString());
  answer.set_regime(header.regime);
  answer.set_subject_category(header.subject_category);
  answer.set_subject_verified(header.subject_verified);
  answer.set_retain_until(exchange.retain_until());
  answer.set_onward(exchange.decision().onward());
  *answer.mutable_onward_to() = exchange.decision().onward_to();
  answer.set_handling(exchange.decision().handling());
  answer.mutable_open_time()->set_seconds(absl::ToUnixSeconds(now));
  return answer;
}

// The words of one field, with the human form of whoever stands in it by number; notes for each of
// them that it stood there.
class PeopleReader {
 public:
  PeopleReader(const ReceivedItems& people, bool moves)
      : people_(people), moves_(moves), fields_(people.items.size()), from_(people.items.size()) {}

  // E_PAYLOAD for somebody who is not in the release, or a field whose frame names nobody of those
  // that it mentions.
  absl::StatusOr<SecretBytes> Read(const std::string& field, OpenedField opened) {
    if (people_.items.empty()) return std::move(opened.content);
    const auto json = ParseJsonStrict(opened.content.Reveal(SecretAccess::ForRecipient()));
    if (!json.ok()) return std::move(opened.content);  // plain text
    std::vector<std::size_t> mentioned;
    SLUIS_ASSIGN_OR_RETURN(const Json read, ReplaceReferences(*json, [&](std::size_t j) {
                             return NameOf(j, mentioned);
                           }));
    if (mentioned.empty()) return std::move(opened.content);
    SLUIS_RETURN_IF_ERROR(CheckFrame(opened.label.item_digest, mentioned));
    for (const std::size_t j : mentioned) fields_[j].push_back(field);
    NotePromotions(*json);
    return SecretBytes::Take(ReadableText(read));
  }

  std::vector<SeenPseudonym> Seen() {
    std::vector<SeenPseudonym> seen;
    for (std::size_t j = 0; j < people_.items.size(); ++j) {
      const ReceivedItem& item = people_.items[j];
      seen.push_back({item.pseudonym.Clone(), item.origin, std::move(fields_[j]), "", from_[j]});
    }
    return seen;
  }

 private:
  absl::StatusOr<Json> NameOf(std::size_t j, std::vector<std::size_t>& mentioned) const {
    if (j >= people_.items.size()) {
      return Error(ErrorCode::kInvalid, "E_PAYLOAD",
                   "a field mentions somebody who is not in this release");
    }
    mentioned.push_back(j);
    return Json(people_.items[j].human_form);
  }

  absl::Status CheckFrame(const Digest& frame, const std::vector<std::size_t>& mentioned) const {
    const auto names = [&](std::size_t j) { return people_.items[j].item_digest == frame; };
    // A promotion carries no payload: its items are bound by the header alone.
    if ((moves_ && frame == Digest{}) || std::any_of(mentioned.begin(), mentioned.end(), names)) {
      return absl::OkStatus();
    }
    return Error(ErrorCode::kInvalid, "E_PAYLOAD",
                 "the frame of a field names somebody else than its content");
  }

  // {"from": old human form, "to": {"ref": j}}: what a promotion says of somebody.
  void NotePromotions(const Json& json) {
    if (json.is_object() && json.contains("from") && json.contains("to") &&
        json.at("from").is_string() && IsReference(json.at("to"))) {
      from_[json.at("to").at("ref").get<std::size_t>()] = json.at("from").get<std::string>();
    } else if (json.is_array()) {
      for (const Json& member : json) NotePromotions(member);
    }
  }

  const ReceivedItems& people_;
  const bool moves_;
  std::vector<std::vector<std::string>> fields_;
  std::vector<std::string> from_;
};

// Frame and content of every value, in order, into release and header.
absl::Status SealValues(const ReleaseContent& content, const SealContext& context, FieldLabel label,
                        const X25519PublicKey& recipient, const Ed25519PrivateKey& key,
                        ReleaseItems* items, ReleaseHeader& header, wire::Release& release) {
  for (std::size_t i = 0; i < content.values.size(); ++i) {
    const ReleaseValue& value = content.values[i];
    SecretBytes text = value.value.Clone();
    if (items != nullptr) {
      SLUIS_ASSIGN_OR_RETURN(text, items->TextOf(value, i));
      label.item_digest = items->FrameDigest(i);
    }
    label.field = value.field;
    SLUIS_ASSIGN_OR_RETURN(
        Bytes sealed, Seal(context, label, text.Reveal(SecretAccess::ForCrypto()), recipient, key));
    if (items != nullptr) items->AddSealed(i, sealed);
    SLUIS_ASSIGN_OR_RETURN(const SealedView view, ParseSealed(sealed));
    header.fields.push_back({value.field, value.form, view.digest});
    release.add_sealed_fields(std::move(sealed));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<wire::SealedSubject> SealSubject(
    const wire::Exchange& exchange, const std::string& request_id, const Subject& subject,
    bool verified, const PartyFolder& own, const identity::Directory& directory, absl::Time now) {
  SLUIS_ASSIGN_OR_RETURN(const PartyId provider, ReadParty(exchange.provider()));
  SLUIS_ASSIGN_OR_RETURN(const identity::UnitEntry desk, DeskOf(directory, provider));
  SLUIS_ASSIGN_OR_RETURN(const SealContext context, ContextOf(exchange, own.party(), provider));
  SLUIS_ASSIGN_OR_RETURN(const SealId seal_id, SealIdOfRequest(request_id));
  FieldLabel label;
  label.schema = std::string(kSubjectSchema);
  label.schema_version = kSubjectSchemaVersion;
  label.field = std::string(kSubjectField);
  label.legal_basis = exchange.legal_basis();
  label.created = WholeSeconds(now);
  label.expires = label.created + kSubjectSealLife;
  label.seal_id = seal_id;
  const SecretBytes identity = EncodeIdentity(subject);
  SLUIS_ASSIGN_OR_RETURN(
      Bytes sealed, Seal(context, label, identity.Reveal(SecretAccess::ForCrypto()), desk.sealing,
                         own.signing()));
  SLUIS_ASSIGN_OR_RETURN(const SealedView view, ParseSealed(sealed));
  const SubjectHeader header{seal_id, own.party(), verified, view.digest};
  wire::SealedSubject out;
  out.set_verified(verified);
  out.set_signature(SignSubjectHeader(header, own.signing()));
  out.set_sealed(std::move(sealed));
  return out;
}

absl::StatusOr<AskedSubject> OpenSubject(const wire::Exchange& exchange, const PartyFolder& own,
                                         const identity::Directory& directory, absl::Time now) {
  if (!exchange.has_subject()) {
    return Error(ErrorCode::kPrecondition, "SUBJECT_MISSING",
                 "this exchange carries no sealed subject (any more)");
  }
  const wire::SealedSubject& sealed = exchange.subject();
  SLUIS_ASSIGN_OR_RETURN(const PartyId asker, ReadParty(exchange.recipient_desk()));
  SLUIS_ASSIGN_OR_RETURN(const identity::UnitEntry desk, DeskOf(directory, asker));
  SLUIS_ASSIGN_OR_RETURN(const SealContext context, ContextOf(exchange, asker, own.party()));
  SLUIS_ASSIGN_OR_RETURN(const SealId seal_id, SealIdOfRequest(sealed.request_id()));
  SLUIS_ASSIGN_OR_RETURN(const SealedView view, ParseSealed(sealed.sealed()));
  const SubjectHeader header{seal_id, asker, sealed.verified(), view.digest};
  SLUIS_RETURN_IF_ERROR(VerifySubjectHeader(header, sealed.signature(), desk.signing));
  SLUIS_RETURN_IF_ERROR(CheckSealedSubject(header, view));
  SLUIS_ASSIGN_OR_RETURN(const OpenedField opened,
                         OpenSealed(sealed.sealed(), context, own.sealing(), desk.signing, now));
  SLUIS_ASSIGN_OR_RETURN(Subject subject, ParseIdentity(opened.content));
  return AskedSubject{std::move(subject), sealed.verified()};
}

absl::StatusOr<wire::Release> SealRelease(const wire::Exchange& exchange,
                                          const ReleaseContent& content, const PartyFolder& own,
                                          const identity::Directory& directory, absl::Time now,
                                          const PseudonymousRelease* people) {
  SLUIS_RETURN_IF_ERROR(CheckValues(exchange, content));
  SLUIS_ASSIGN_OR_RETURN(const ParsedExchangeName name, ParseExchangeName(exchange.name()));
  SLUIS_ASSIGN_OR_RETURN(const PartyId recipient, ReadParty(exchange.recipient_desk()));
  SLUIS_ASSIGN_OR_RETURN(const identity::UnitEntry desk, DeskOf(directory, recipient));
  SLUIS_ASSIGN_OR_RETURN(const SealContext context, ContextOf(exchange, own.party(), recipient));
  FieldLabel label;
  label.schema = kFieldSchema;
  label.legal_basis = exchange.legal_basis();
  label.created = WholeSeconds(now);
  label.expires = label.created + kReleaseSealLife;
  SLUIS_ASSIGN_OR_RETURN(label.seal_id, SealIdOf(name.id.bytes()));
  ReleaseHeader header{.exchange = name.id,
                       .regime = content.regime,
                       .subject_category = content.subject_category,
                       .subject_verified = content.subject_verified,
                       .fields = {},
                       .signed_requests = {}};
  wire::Release release;
  SLUIS_RETURN_IF_ERROR(SealValues(content, context, label, desk.sealing, own.signing(),
                                   people == nullptr ? nullptr : &people->items, header, release));
  if (people != nullptr) {
    SLUIS_ASSIGN_OR_RETURN(const auto requests,
                           people->items.Sign(people->terms, own.party(), own.signing(), now));
    for (const pseudonym::SignedRequest& request : requests) {
      header.signed_requests.push_back(request.digest());
      release.add_signed_requests(request.bytes());
    }
  }
  SLUIS_ASSIGN_OR_RETURN(Bytes encoded, EncodeReleaseHeader(header));
  release.set_signature(SignReleaseHeader(encoded, own.signing()));
  release.set_header(std::move(encoded));
  return release;
}

absl::StatusOr<Answerer> AnswererOf(const wire::Exchange& exchange,
                                    const identity::Directory& directory) {
  SLUIS_ASSIGN_OR_RETURN(const PartyId party, ReadParty(exchange.provider_desk()));
  SLUIS_ASSIGN_OR_RETURN(const identity::UnitEntry desk, DeskOf(directory, party));
  return Answerer{party, desk};
}

absl::StatusOr<ReleaseHeader> OpenHeader(const wire::Exchange& exchange,
                                         const wire::Release& release, const Answerer& answerer) {
  SLUIS_RETURN_IF_ERROR(
      VerifyReleaseHeader(release.header(), release.signature(), answerer.desk.signing));
  SLUIS_ASSIGN_OR_RETURN(ReleaseHeader header, ParseReleaseHeader(release.header()));
  SLUIS_ASSIGN_OR_RETURN(const ParsedExchangeName name, ParseExchangeName(exchange.name()));
  if (header.exchange != name.id) {
    return Error(ErrorCode::kInvalid, "E_PAYLOAD",
                 "the partner signed this release for another exchange");
  }
  const auto& asked = exchange.fields();
  for (const ReleasedField& field : header.fields) {
    if (std::find(asked.begin(), asked.end(), field.field) == asked.end()) {
      return Error(ErrorCode::kInvalid, "E_PAYLOAD", "the release holds a field nobody asked for",
                   {{"field", field.field}});
    }
  }
  return header;
}

absl::StatusOr<OpenedRelease> OpenRelease(const wire::Exchange& exchange,
                                          const wire::Release& release, const ReleaseHeader& header,
                                          const Answerer& answerer, const ReceivedItems& people,
                                          const PartyFolder& own, absl::Time now) {
  SLUIS_ASSIGN_OR_RETURN(const SealContext context,
                         ContextOf(exchange, answerer.party, own.party()));
  std::vector<SealedView> views;
  for (const std::string& sealed : release.sealed_fields()) {
    SLUIS_ASSIGN_OR_RETURN(SealedView view, ParseSealed(sealed));
    views.push_back(std::move(view));
  }
  SLUIS_RETURN_IF_ERROR(CheckReleasedFields(header, views));
  const std::vector<std::string> sealed(release.sealed_fields().begin(),
                                        release.sealed_fields().end());
  SLUIS_RETURN_IF_ERROR(CheckPayloads(people, views, sealed));
  OpenedRelease out{
      .answer = {.header = HeaderOf(exchange, answerer.party, header, now), .values = {}},
      .seen = {}};
  PeopleReader reader(people, exchange.action() == "promote");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    SLUIS_ASSIGN_OR_RETURN(OpenedField opened, OpenSealed(sealed[i], context, own.sealing(),
                                                          answerer.desk.signing, now));
    SLUIS_ASSIGN_OR_RETURN(SecretBytes value,
                           reader.Read(header.fields[i].field, std::move(opened)));
    v1::AnswerField* field = out.answer.header.add_fields();
    field->set_field(header.fields[i].field);
    field->set_form(header.fields[i].form);
    field->set_size(static_cast<std::int64_t>(value.size()));
    out.answer.values.push_back(std::move(value));
  }
  out.seen = reader.Seen();
  return out;
}

}  // namespace sluis::edge
