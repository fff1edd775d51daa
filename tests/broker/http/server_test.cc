#include "broker/http/server.h"

#include <gtest/gtest.h>

#include <thread>

#include "broker/http/metrics.h"
#include "tests/broker/http/raw_client.h"
#include "tests/support/status_matchers.h"

namespace sluis::http {
namespace {

using ::sluis::testing::BodyOf;
using ::sluis::testing::HasReason;
using ::sluis::testing::HeaderOf;
using ::sluis::testing::RawClient;
using ::sluis::testing::RecordingObserver;
using ::sluis::testing::StatusOfAnswer;

// Answers with what it was asked, large bodies on demand.
class EchoHandler : public Handler {
 public:
  Response Handle(const Request& request) override {
    Response response;
    response.content_type = "text/plain";
    response.route = "echo";
    response.body =
        request.target == "/large" ? std::string(50'000, 'x') : request.target + "|" + request.body;
    return response;
  }
};

class ServerTest : public ::testing::Test {
 protected:
  void Start(ServerOptions options) {
    server_ = Server::Start(options, handler_, nullptr, observer_, clock_).value();
  }
  std::string Ask(std::string_view request) {
    RawClient client(server_->port());
    client.Send(request);
    return client.ReadToEnd();
  }
  ManualClock clock_{absl::FromUnixSeconds(1'790'000'000)};
  EchoHandler handler_;
  RecordingObserver observer_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, AnswersAndKeepsTheConnection) {
  Start({});
  RawClient client(server_->port());
  client.Send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string answer = client.ReadAnswer();
  EXPECT_EQ(StatusOfAnswer(answer), 200);
  EXPECT_EQ(BodyOf(answer), "/a|");
  EXPECT_EQ(HeaderOf(answer, "Date"), "Mon, 21 Sep 2026 14:13:20 GMT");
  EXPECT_EQ(HeaderOf(answer, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(HeaderOf(answer, "Server"), "");
  // Two at once on the same connection.
  client.Send(
      "GET /large HTTP/1.1\r\nHost: x\r\n\r\nGET /c HTTP/1.1\r\nHost: x\r\nConnection: "
      "close\r\n\r\n");
  EXPECT_EQ(BodyOf(client.ReadAnswer()).size(), 50'000u);
  EXPECT_EQ(BodyOf(client.ReadAnswer()), "/c|");
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_EQ(observer_.last_answer(), "echo 200");
}

TEST_F(ServerTest, KeepsTheBodyBackFromHead) {
  Start({});
  RawClient client(server_->port());
  client.Send("HEAD /large HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string answer = client.ReadAnswer(/*head=*/true);
  EXPECT_EQ(HeaderOf(answer, "Content-Length"), "50000");
  EXPECT_EQ(BodyOf(answer), "");
  client.Send("GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(BodyOf(client.ReadAnswer()), "/b|");
}

TEST_F(ServerTest, RefusesWhatIsNoRequest) {
  Start({});
  for (const char* request : {
           "\r\n\r\n\r\n",
           "GET\r\n\r\n",
           "GET /a\r\n\r\n",
           "GET /a HTTP/2.0\r\nHost: x\r\n\r\n",
           "GET /a HTTP/1.1\r\n\r\n",
           "GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
           "GET a HTTP/1.1\r\nHost: x\r\n\r\n",
           "GET http://x/a HTTP/1.1\r\nHost: x\r\n\r\n",
           "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
           "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
           "GET /a HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n",
           "GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
           "GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n",
           "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nTransfer-Encoding: "
           "chunked\r\n\r\n0\r\n\r\n",
           "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
       }) {
    EXPECT_EQ(StatusOfAnswer(Ask(request)), 400) << request;
    EXPECT_EQ(observer_.TakeRefusal(), "malformed");
  }
}

TEST_F(ServerTest, BoundsHeaderAndBody) {
  Start({.max_header_bytes = 1024, .max_body_bytes = 10});
  const std::string head = "POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
  EXPECT_EQ(BodyOf(Ask(head + "Content-Length: 10\r\n\r\n0123456789")), "/a|0123456789");
  EXPECT_EQ(StatusOfAnswer(Ask(head + "Content-Length: 11\r\n\r\n0123456789a")), 413);
  EXPECT_EQ(observer_.TakeRefusal(), "body-too-large");
  EXPECT_EQ(
      StatusOfAnswer(Ask(head + "Content-Length: 1000000\r\n\r\n" + std::string(1'000'000, 'a'))),
      413);
  EXPECT_EQ(observer_.TakeRefusal(), "body-too-large");
  EXPECT_EQ(
      StatusOfAnswer(Ask(head + "Transfer-Encoding: chunked\r\n\r\nb\r\n0123456789a\r\n0\r\n\r\n")),
      413);
  EXPECT_EQ(observer_.TakeRefusal(), "body-too-large");
  EXPECT_EQ(StatusOfAnswer(Ask(head + "X: " + std::string(2000, 'x') + "\r\n\r\n")), 431);
  EXPECT_EQ(observer_.TakeRefusal(), "header-too-large");
  EXPECT_EQ(StatusOfAnswer(Ask("GET /" + std::string(100'000, 'x'))), 431);
  EXPECT_EQ(observer_.TakeRefusal(), "header-too-large");
}

TEST_F(ServerTest, EndsConnectionsThatAreSlowToAsk) {
  Start({.request_timeout = absl::Milliseconds(50)});
  // Mute, half a header, and one byte after the other: the deadline is for the whole request.
  EXPECT_EQ(Ask(""), "");
  EXPECT_EQ(observer_.TakeRefusal(), "timeout");
  EXPECT_EQ(Ask("GET /a HTTP/1.1\r\nHost: x\r\n"), "");
  EXPECT_EQ(observer_.TakeRefusal(), "timeout");
  RawClient dripping(server_->port());
  std::thread drip([&dripping] {
    for (int i = 0; i < 100'000; ++i) dripping.Send("x");
  });
  dripping.ReadToEnd();
  drip.join();
}

TEST_F(ServerTest, EndsConnectionsThatDoNotTakeTheAnswer) {
  Start({.response_timeout = absl::Milliseconds(50)});
  RawClient client(server_->port());
  observer_.WaitForConnections(1);
  std::string many;
  for (int i = 0; i < 400; ++i) many += "GET /large HTTP/1.1\r\nHost: x\r\n\r\n";
  client.Send(many);
  observer_.WaitForConnections(0);  // 20 MB do not fit into the socket's buffers
}

TEST_F(ServerTest, EndsAnIdleConnectionWithoutAReproach) {
  Start({.request_timeout = absl::Milliseconds(50)});
  RawClient client(server_->port());
  client.Send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(StatusOfAnswer(client.ReadAnswer()), 200);
  EXPECT_EQ(client.ReadToEnd(), "");
}

TEST_F(ServerTest, BoundsConnectionsInAllAndPerAddress) {
  Start({.max_connections = 2});
  auto first = std::make_unique<RawClient>(server_->port());
  RawClient second(server_->port());
  observer_.WaitForConnections(2);
  EXPECT_EQ(Ask("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"), "");
  EXPECT_EQ(observer_.TakeRefusal(), "connections");
  EXPECT_EQ(server_->connections(), 2u);
  first.reset();
  observer_.WaitForConnections(1);
  EXPECT_EQ(StatusOfAnswer(Ask("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")), 200);

  Start({.max_connections = 10, .max_connections_per_address = 1});
  observer_.WaitForConnections(0);
  RawClient only(server_->port());
  observer_.WaitForConnections(1);
  EXPECT_EQ(Ask("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"), "");
  EXPECT_EQ(observer_.TakeRefusal(), "connections-per-address");
}

TEST_F(ServerTest, EndsAConnectionAfterItsShareOfRequests) {
  Start({.max_requests_per_connection = 2});
  RawClient client(server_->port());
  client.Send(
      "GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\nGET /c "
      "HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(BodyOf(client.ReadAnswer()), "/a|");
  const std::string last = client.ReadAnswer();
  EXPECT_EQ(HeaderOf(last, "Connection"), "close");
  EXPECT_EQ(client.ReadToEnd(), "");
}

TEST_F(ServerTest, OneMuteClientPerThreadHoldsNobodyUp) {
  Start({.threads = 1});
  std::vector<std::unique_ptr<RawClient>> mute;
  for (int i = 0; i < 50; ++i) mute.push_back(std::make_unique<RawClient>(server_->port()));
  observer_.WaitForConnections(50);
  EXPECT_EQ(StatusOfAnswer(Ask("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")), 200);
}

TEST_F(ServerTest, EndsWithOpenConnections) {
  Start({});
  RawClient client(server_->port());
  observer_.WaitForConnections(1);
  server_.reset();
  EXPECT_EQ(client.ReadToEnd(), "");
}

TEST_F(ServerTest, RefusesToStartOnWhatItShouldNot) {
  const auto start = [this](ServerOptions options) {
    return Server::Start(options, handler_, nullptr, observer_, clock_);
  };
  EXPECT_THAT(start({.address = "localhost"}), HasReason("FIELD_INVALID"));
  EXPECT_THAT(start({.address = "0.0.0.0", .loopback_only = true}), HasReason("FIELD_INVALID"));
  EXPECT_THAT(start({.threads = 0}), HasReason("FIELD_INVALID"));
  EXPECT_THAT(start({.max_connections = 0}), HasReason("FIELD_INVALID"));
  EXPECT_THAT(start({.request_timeout = absl::InfiniteDuration()}), HasReason("FIELD_INVALID"));
  EXPECT_THAT(start({.address = "192.0.2.1"}), HasReason("ADDRESS_NOT_USABLE"));
}

TEST(HttpMetrics, CountsByConstantsAlone) {
  prometheus::Registry registry;
  HttpMetrics metrics(registry, "public");
  HttpMetrics(registry, "bundles").OnRefusal("revoked");
  metrics.OnConnections(1);
  metrics.OnAnswer("tile", 200, absl::Milliseconds(2));
  std::string names;
  for (const auto& family : registry.Collect()) {
    for (const auto& metric : family.metric) {
      names += family.name;
      for (const auto& label : metric.label) names += " " + label.name + "=" + label.value;
      names += "\n";
    }
  }
  EXPECT_NE(names.find("sluis_http_answers_total listener=public route=tile status=200"),
            std::string::npos)
      << names;
  EXPECT_NE(names.find("sluis_http_refusals_total cause=revoked listener=bundles"),
            std::string::npos)
      << names;
}

}  // namespace
}  // namespace sluis::http
