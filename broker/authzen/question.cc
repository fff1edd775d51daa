#include "broker/authzen/question.h"

namespace sluis::authzen {
namespace {

// Where members come from: the item, else the defaults of its batch.
struct Source {
  Members item, defaults;
  // The object that `name` names, with its place; empty and a fault when nobody has it.
  Members Object(const char* name, Fault& fault) const {
    const Members& from = item.Has(name) || !defaults.Has(name) ? item : defaults;
    const Json* value = from.Find(name);
    if (value == nullptr) from.Miss(name);
    return Members(value == nullptr ? EmptyObject() : *value, from.PlaceOf(name), fault);
  }
  bool Has(const char* name) const { return item.Has(name) || defaults.Has(name); }
};

Entity ReadEntity(const Source& source, const char* name, bool with_id, Fault& fault) {
  const Members members = source.Object(name, fault);
  Entity entity;
  entity.type = members.Text("type");
  if (with_id) entity.id = members.Text("id");
  entity.properties = members.ObjectOrEmpty("properties");
  return entity;
}

Action ReadAction(const Source& source, Fault& fault) {
  const Members members = source.Object("action", fault);
  return {members.Text("name"), members.ObjectOrEmpty("properties")};
}

}  // namespace

Question ReadQuestion(const Json& root, const Json& defaults, Searched searched,
                      const std::string& place, Fault& fault) {
  const Source source{Members(root, place, fault), Members(defaults, "", fault)};
  Question question;
  question.subject = ReadEntity(source, "subject", searched != Searched::kSubject, fault);
  if (searched != Searched::kAction) question.action = ReadAction(source, fault);
  question.resource = ReadEntity(source, "resource", searched != Searched::kResource, fault);
  if (!source.Has("context")) return question;
  const Members& from = source.item.Has("context") ? source.item : source.defaults;
  question.context = from.ObjectOrEmpty("context");
  return question;
}

}  // namespace sluis::authzen
