// The questions of the OpenID AuthZEN Authorization API 1.0 in types of our own, read from JSON
// (exports.md §5.1). Members that the text does not know are ignored, as it demands.
#pragma once

#include <string>

#include "broker/authzen/members.h"
#include "lib/base/json.h"

namespace sluis::authzen {

// Subject and resource; what is missing is empty.
struct Entity {
  std::string type, id;
  Json properties = Json::object();
};

struct Action {
  std::string name;
  Json properties = Json::object();
};

struct Question {
  Entity subject;
  Action action;
  Entity resource;
  Json context = Json::object();
};

// What a search looks for. Of that entity only the type counts; an action is left out.
enum class Searched { kNothing, kSubject, kResource, kAction };

// Reads subject, action, resource and context of `root`; each of `root` that is missing is taken
// from `defaults`, whole. What is wrong is noted in `fault` with its place below `place`.
Question ReadQuestion(const Json& root, const Json& defaults, Searched searched,
                      const std::string& place, Fault& fault);

}  // namespace sluis::authzen
