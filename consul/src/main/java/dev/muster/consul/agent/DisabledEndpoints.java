package dev.muster.consul.agent;

import dev.muster.consul.form.Refusal;
import dev.muster.consul.serving.Routes;

/// `/v1/acl/…` and the certificates of Connect, answered as by a server where these are off.
public final class DisabledEndpoints {
  private static final String[] READ_WRITE = {"GET", "PUT", "DELETE"};

  private DisabledEndpoints() {}

  public static void addTo(Routes routes) {
    acl(routes, "bootstrap", "PUT");
    acl(routes, "login", "POST");
    acl(routes, "logout", "POST");
    acl(routes, "replication", "GET");
    acl(routes, "policies", "GET");
    acl(routes, "policy", "PUT");
    acl(routes, "policy/", READ_WRITE);
    acl(routes, "policy/name/", "GET");
    acl(routes, "roles", "GET");
    acl(routes, "role", "PUT");
    acl(routes, "role/", READ_WRITE);
    acl(routes, "role/name/", "GET");
    acl(routes, "binding-rules", "GET");
    acl(routes, "binding-rule", "PUT");
    acl(routes, "binding-rule/", READ_WRITE);
    acl(routes, "auth-methods", "GET");
    acl(routes, "auth-method", "PUT");
    acl(routes, "auth-method/", READ_WRITE);
    acl(routes, "tokens", "GET");
    acl(routes, "token", "PUT");
    acl(routes, "token/self", "GET");
    acl(routes, "token/", READ_WRITE);
    acl(routes, "templated-policies", "GET");
    acl(routes, "templated-policy/name/", "GET");
    acl(routes, "templated-policy/preview/", "POST");
    refuse(routes, "PUT", "/v1/agent/token/", 401, "ACL support disabled");
    connect(routes, "POST", "/v1/agent/connect/authorize");
    connect(routes, "GET", "/v1/agent/connect/ca/roots");
    connect(routes, "GET", "/v1/agent/connect/ca/leaf/");
    connect(routes, "GET", "/v1/connect/ca/roots");
    connect(routes, "GET", "/v1/connect/ca/configuration");
    connect(routes, "PUT", "/v1/connect/ca/configuration");
  }

  private static void acl(Routes routes, String path, String... methods) {
    for (String method : methods) {
      refuse(routes, method, "/v1/acl/" + path, 401, "ACL support disabled");
    }
  }

  private static void connect(Routes routes, String method, String path) {
    refuse(routes, method, path, 500, "Connect must be enabled in order to use this endpoint");
  }

  private static void refuse(Routes routes, String method, String path, int status, String reason) {
    routes.add(
        method,
        path,
        (_, _) -> {
          throw new Refusal(status, reason);
        },
        "refused, as where it is off: " + reason);
  }
}
