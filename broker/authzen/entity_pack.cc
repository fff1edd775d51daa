#include "broker/authzen/entity_pack.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/textproto/text_proto.h"

namespace sluis::authzen {
namespace {

namespace pb = policy::v1;
constexpr std::size_t kMostPackBytes = 4 << 20;

absl::Status Wrong(const std::string& where, const std::string& what) {
  return InvalidField("CONFIG_INVALID", where, what);
}

Json ValueOf(const pb::Property& property) {
  switch (property.value_case()) {
    case pb::Property::kText:
      return property.text();
    case pb::Property::kFlag:
      return property.flag();
    case pb::Property::kNumber:
      return property.number();
    case pb::Property::VALUE_NOT_SET:
      break;
  }
  return nullptr;
}

template <typename List>
bool Contains(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Every name that the match asks for has one of the values that stand there for it.
bool PropertiesMatch(const pb::EntityMatch& match, const Json& properties) {
  std::set<std::string> asked, met;
  for (const pb::Property& property : match.property()) {
    asked.insert(property.name());
    const auto found = properties.find(property.name());
    if (found != properties.end() && *found == ValueOf(property)) met.insert(property.name());
  }
  return asked == met;
}

bool Matches(const pb::EntityMatch& match, std::string_view type, std::string_view id,
             const Json& properties) {
  return (match.type().empty() || Contains(match.type(), type)) &&
         (match.id().empty() || Contains(match.id(), id)) && PropertiesMatch(match, properties);
}

bool RuleMatches(const pb::EntityRule& rule, const Question& question, const Json& subject,
                 const Json& resource) {
  return Matches(rule.subject(), question.subject.type, question.subject.id, subject) &&
         Matches(rule.action(), "", question.action.name, question.action.properties) &&
         Matches(rule.resource(), question.resource.type, question.resource.id, resource);
}

// What is known, and over it what the request says.
Json Overlaid(Json known, const Json& said) {
  known.update(said);
  return known;
}

absl::Status CheckProperties(const google::protobuf::RepeatedPtrField<pb::Property>& properties,
                             const std::string& where) {
  for (const pb::Property& property : properties) {
    if (property.name().empty()) return Wrong(where, "has a property without a name");
    if (property.value_case() == pb::Property::VALUE_NOT_SET)
      return Wrong(where, absl::StrFormat("property `%s` has no value", property.name()));
  }
  return absl::OkStatus();
}

template <typename Known>
absl::Status CheckEntities(const pb::EntityMatch& match, const Known& known,
                           const std::string& where) {
  for (const std::string& type : match.type()) {
    if (std::none_of(known.begin(), known.end(),
                     [&](const auto& entry) { return entry.first.first == type; }))
      return Wrong(where, absl::StrFormat("names the type `%s`, which no entity has", type));
  }
  for (const std::string& id : match.id()) {
    if (std::none_of(known.begin(), known.end(),
                     [&](const auto& entry) { return entry.first.second == id; }))
      return Wrong(where, absl::StrFormat("names `%s`, which the pack does not know", id));
  }
  return CheckProperties(match.property(), where);
}

template <typename Known>
absl::Status IndexEntities(const google::protobuf::RepeatedPtrField<pb::Entity>& entities,
                           const std::string& where, Known& known) {
  for (const pb::Entity& entity : entities) {
    if (entity.type().empty() || entity.id().empty()) return Wrong(where, "needs a type and an id");
    SLUIS_RETURN_IF_ERROR(CheckProperties(entity.property(), where + " " + entity.id()));
    Json properties = Json::object();
    for (const pb::Property& property : entity.property())
      properties[property.name()] = ValueOf(property);
    if (!known.emplace(std::pair(entity.type(), entity.id()), std::move(properties)).second)
      return Wrong(where + " " + entity.id(), "stands twice");
  }
  return absl::OkStatus();
}

// Nothing changes and nothing is kept: one call over the pack.
class EntityHearing : public Hearing {
 public:
  explicit EntityHearing(const EntityPack& pack) : pack_(pack) {}
  absl::StatusOr<Verdict> Decide(const Question& question) override {
    return Verdict{pack_.Permits(question), Json::object()};
  }
  absl::StatusOr<std::vector<Json>> Search(Searched searched, const Question& question) override {
    return pack_.Find(searched, question);
  }
  absl::Status Close() override { return absl::OkStatus(); }
  std::string Policy() const override { return pack_.policy(); }

 private:
  const EntityPack& pack_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<EntityPack>> EntityPack::Load(const std::filesystem::path& file) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes text, ReadFile(file, kMostPackBytes));
  return Parse(text, file.filename().string());
}

absl::StatusOr<std::unique_ptr<EntityPack>> EntityPack::Parse(std::string_view text,
                                                              const std::string& file_name) {
  pb::EntityPack content;
  SLUIS_RETURN_IF_ERROR(ParseTextProto(text, file_name, &content));
  std::unique_ptr<EntityPack> pack(new EntityPack(std::move(content)));
  SLUIS_RETURN_IF_ERROR(pack->Index());
  pack->policy_ = absl::StrFormat("%s %s %s", pack->pack_.name(), pack->pack_.version(),
                                  HexEncode(AsView(Sha256(text))));
  return pack;
}

absl::Status EntityPack::Index() {
  if (pack_.name().empty()) return Wrong("name", "is required");
  SLUIS_RETURN_IF_ERROR(IndexEntities(pack_.subject(), "subject", subjects_));
  SLUIS_RETURN_IF_ERROR(IndexEntities(pack_.resource(), "resource", resources_));
  std::set<std::string> ids, actions;
  for (const std::string& action : pack_.action()) {
    if (!actions.insert(action).second) return Wrong("action " + action, "stands twice");
  }
  for (const auto* rules : {&pack_.permit(), &pack_.prohibition()}) {
    for (const pb::EntityRule& rule : *rules) {
      if (rule.id().empty()) return Wrong("rule", "needs an id");
      if (!ids.insert(rule.id()).second) return Wrong("rule " + rule.id(), "stands twice");
      SLUIS_RETURN_IF_ERROR(CheckRule(rule));
    }
  }
  return absl::OkStatus();
}

absl::Status EntityPack::CheckRule(const pb::EntityRule& rule) const {
  const std::string where = "rule " + rule.id();
  SLUIS_RETURN_IF_ERROR(CheckEntities(rule.subject(), subjects_, where));
  SLUIS_RETURN_IF_ERROR(CheckEntities(rule.resource(), resources_, where));
  if (!rule.action().type().empty()) return Wrong(where, "an action has no type");
  for (const std::string& name : rule.action().id()) {
    if (!IsAction(name))
      return Wrong(where,
                   absl::StrFormat("names the action `%s`, which the pack does not know", name));
  }
  return CheckProperties(rule.action().property(), where);
}

bool EntityPack::IsAction(std::string_view name) const { return Contains(pack_.action(), name); }

bool EntityPack::Permits(const Question& question) const {
  const auto subject = subjects_.find({question.subject.type, question.subject.id});
  const auto resource = resources_.find({question.resource.type, question.resource.id});
  if (subject == subjects_.end() || resource == resources_.end() || !IsAction(question.action.name))
    return false;
  const Json of_subject = Overlaid(subject->second, question.subject.properties);
  const Json of_resource = Overlaid(resource->second, question.resource.properties);
  const auto matches = [&](const pb::EntityRule& rule) {
    return RuleMatches(rule, question, of_subject, of_resource);
  };
  return std::none_of(pack_.prohibition().begin(), pack_.prohibition().end(), matches) &&
         std::any_of(pack_.permit().begin(), pack_.permit().end(), matches);
}

std::vector<Json> EntityPack::Find(Searched searched, const Question& question) const {
  std::vector<Json> results;
  Question tried = question;
  if (searched == Searched::kAction) {
    for (const std::string& name : pack_.action()) {
      tried.action = {name, Json::object()};
      if (Permits(tried)) results.push_back({{"name", name}});
    }
    return results;
  }
  // What a search says of the entity it looks for, beyond its type, is about none of them.
  const bool subject = searched == Searched::kSubject;
  Entity& entity = subject ? tried.subject : tried.resource;
  for (const auto& [key, properties] : subject ? subjects_ : resources_) {
    if (key.first != entity.type) continue;
    entity = {key.first, key.second, Json::object()};
    if (Permits(tried)) results.push_back({{"type", entity.type}, {"id", entity.id}});
  }
  return results;
}

absl::StatusOr<std::unique_ptr<Hearing>> EntityPack::Open(const exchange::Caller&) {
  return std::make_unique<EntityHearing>(*this);
}

}  // namespace sluis::authzen
