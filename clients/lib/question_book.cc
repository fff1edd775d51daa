#include "clients/lib/question_book.h"

#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::edge {
namespace {

absl::Status DamagedBook() {
  return Error(ErrorCode::kDataLoss, "STORE_DAMAGED",
               "whom a question is about cannot be read any more; put the folder `questions` back "
               "from a backup, or withdraw the question and ask anew");
}

absl::StatusOr<v1::KeptQuestion> ParseKept(const SecretBytes& content) {
  const BytesView bytes = content.Reveal(SecretAccess::ForStorage());
  v1::KeptQuestion kept;
  if (kept.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return kept;
  return DamagedBook();
}

void WriteWho(const ReleasedSubject& who, v1::QuestionSubject* out) {
  if (const auto* subject = std::get_if<Subject>(&who)) {
    out->mutable_number()->set_kind(std::string(SubjectKindName(subject->kind())));
    out->mutable_number()->set_number(std::string(subject->value(SecretAccess::ForStorage())));
    return;
  }
  const auto& held = std::get<HeldPseudonym>(who);
  v1::PseudonymousSubject* pseudonym = out->mutable_pseudonym();
  pseudonym->set_domain(held.domain.bytes());
  pseudonym->set_pseudonym(std::string(held.pseudonym.bytes(SecretAccess::ForStorage())));
  pseudonym->set_human_form(held.human_form);
}

absl::StatusOr<ReleasedSubject> ReadWho(const v1::QuestionSubject& kept) {
  if (kept.has_number()) {
    SLUIS_ASSIGN_OR_RETURN(const SubjectKind kind, ParseSubjectKind(kept.number().kind()));
    SLUIS_ASSIGN_OR_RETURN(Subject subject, Subject::Create(kind, kept.number().number()));
    return ReleasedSubject(std::move(subject));
  }
  SLUIS_ASSIGN_OR_RETURN(auto domain, pseudonym::Domain::DecodeCase(kept.pseudonym().domain()));
  SLUIS_ASSIGN_OR_RETURN(auto held, pseudonym::CasePseudonym::Decode(
                                        SecretBytes::CopyOf(kept.pseudonym().pseudonym())));
  return ReleasedSubject(
      HeldPseudonym{std::move(domain), std::move(held), kept.pseudonym().human_form()});
}

absl::StatusOr<KeptQuestion> Read(const v1::KeptQuestion& kept) {
  KeptQuestion question;
  question.action = kept.action();
  question.size = kept.size();
  for (const v1::QuestionSubject& one : kept.subjects()) {
    SLUIS_ASSIGN_OR_RETURN(ReleasedSubject who, ReadWho(one));
    if (kept.size() != 0 && one.position() >= kept.size()) return DamagedBook();
    question.subjects.push_back(std::move(who));
    question.positions.push_back(one.position());
  }
  return question;
}

}  // namespace

std::string QuestionBook::PlanKey(std::string_view request_id) {
  return std::string("request ").append(request_id);
}

absl::Status QuestionBook::Note(const std::string& key, const std::string& action,
                                const std::vector<ReleasedSubject>& subjects) const {
  return folder_.Update(folder_.NameOf(key),
                        [&](const std::optional<SecretBytes>& before) -> absl::StatusOr<Bytes> {
                          if (before) return Bytes(before->Reveal(SecretAccess::ForStorage()));
                          v1::KeptQuestion kept;
                          kept.set_exchange(key);
                          kept.set_action(action);
                          for (const ReleasedSubject& who : subjects)
                            WriteWho(who, kept.add_subjects());
                          return kept.SerializeAsString();
                        });
}

absl::Status QuestionBook::NotePositions(const std::string& key,
                                         const std::vector<std::uint32_t>& positions,
                                         std::size_t size) const {
  return folder_.Update(
      folder_.NameOf(key), [&](const std::optional<SecretBytes>& before) -> absl::StatusOr<Bytes> {
        if (!before) return DamagedBook();
        SLUIS_ASSIGN_OR_RETURN(v1::KeptQuestion kept, ParseKept(*before));
        kept.set_size(static_cast<std::uint32_t>(size));
        for (int i = 0; i < kept.subjects_size(); ++i) {
          kept.mutable_subjects(i)->set_position(positions.at(static_cast<std::size_t>(i)));
        }
        return kept.SerializeAsString();
      });
}

absl::StatusOr<std::optional<KeptQuestion>> QuestionBook::Find(const std::string& key) const {
  SLUIS_ASSIGN_OR_RETURN(const std::optional<SecretBytes> content,
                         folder_.Read(folder_.NameOf(key)));
  if (!content) return std::nullopt;
  SLUIS_ASSIGN_OR_RETURN(const v1::KeptQuestion kept, ParseKept(*content));
  absl::StatusOr<KeptQuestion> question = Read(kept);
  if (!question.ok()) return DamagedBook();
  return *std::move(question);
}

absl::Status QuestionBook::Forget(const std::string& key) const {
  return folder_.Update(
      folder_.NameOf(key),
      [](const std::optional<SecretBytes>&) -> absl::StatusOr<Bytes> { return Bytes(); });
}

}  // namespace sluis::edge
