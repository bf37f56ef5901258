package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Shell.Ended;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Commands about the balancer: what they ask, what they print.
class BalancerCommandsTest {
  private CannedAgent agent;
  private Shell shell;

  @BeforeEach
  void start() throws IOException {
    agent = new CannedAgent();
    shell = Shell.asking(agent.address());
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  @Test
  void status() {
    agent.answering(
        "GET /v1/balancer/table",
        200,
        """
        {"Listeners":[{"Address":"127.0.0.1:8080","FollowsTags":true,"Requests":12,"Active":1}],
         "Servers":[{"Name":"a.test","Names":["a.test"],"Listens":["127.0.0.1:8080"],"Where":"f:1",
           "Locations":[{"Name":"location ^~ /x","Answer":"upstream up","Requests":2}]}],
         "Routes":[{"Host":"","Path":"/users","Upstream":"route /users","Requests":10}],
         "Upstreams":[{"Name":"route /users","Algorithm":"round_robin","State":"NORMAL",
           "Reason":"all well","Waiting":0,"Tries":11,"Retries":1,"Failures":1,
           "Instances":["n/u1","n/u2"]}]}
        """);
    // Cap lifted: an answer as it comes
    agent.answering(
        "GET /v1/balancer/instances",
        200,
        """
        [{"Upstream":"route /users","Instance":"n/u1","Address":"127.0.0.1:5001","State":"up",
          "Reason":"in use","Registry":"passing","Weight":1.0,"Priority":0,"Zone":"","Active":1,
          "Tries":10,"Failures":0},
         {"Upstream":"route /users","Instance":"n/u2","Address":"127.0.0.1:5002",
          "State":"unhealthy","Reason":"the registry has it as critical; check \\"c\\" is critical:\\nno",
          "Registry":"critical","Weight":0.25,"Priority":0,"Zone":"","Active":0,"Tries":1,
          "Failures":1}]
        """);
    Ended ended = shell.run("balancer", "status");
    assertThat(ended.err()).isEmpty();
    // Cap lifted: a table is as wide as it is
    assertThat(ended.out())
        .isEqualTo(
            """
            Listener        Requests  Active
            127.0.0.1:8080  12        1

            Host    Path    Goes to       Requests
            a.test  ^~ /x   upstream up   2
            *       /users  route /users  10

            Upstream      Algorithm    State   Waiting  Tries  Retries  Failures
            route /users  round_robin  normal  0        11     1        1

            Upstream      Instance  Address         State      Weight  Active  Tries  Failures  Reason
            route /users  n/u1      127.0.0.1:5001  up         1       1       10     0         in use
            route /users  n/u2      127.0.0.1:5002  unhealthy  0.25    0       1      1         the registry has it as critical; check "c" is critical: no
            """);
  }

  @Test
  void explain() {
    agent.answering(
        "GET /v1/balancer/explain",
        200,
        """
        {"Listener":"127.0.0.1:8080","Server":"","Location":"route /users",
         "Upstream":"route /users","Instance":"n/u1","Status":0,
         "Steps":["it comes in by 127.0.0.1:8080","it goes to n/u1"],
         "Instances":[{"Instance":"n/u1","Address":"127.0.0.1:5001","State":"up",
           "Reason":"chosen","Weight":1,"Active":0,"Tries":0,"Failures":0}]}
        """);
    Ended ended =
        shell.run(
            "balancer",
            "explain",
            "-method=POST",
            "-header=A: b",
            "-header=C: d",
            "-client=192.0.2.1",
            "http://h.test:8080/users/7?x=1");
    assertThat(ended.exitCode()).as(ended.toString()).isZero();
    assertThat(ended.out())
        .isEqualTo(
            """
             1  it comes in by 127.0.0.1:8080
             2  it goes to n/u1

            Instance  Address         State  Weight  Active  Tries  Failures  Reason
            n/u1      127.0.0.1:5001  up     1       0       0      0         chosen
            """);
    assertThat(agent.asked)
        .containsExactly(
            "GET /v1/balancer/explain?method=POST&path=%2Fusers%2F7%3Fx%3D1&host=h.test%3A8080"
                + "&port=8080&client=192.0.2.1&header=A%3A%20b&header=C%3A%20d");
  }

  @Test
  void nobodyWouldGetIt() {
    agent.answering(
        "GET /v1/balancer/explain",
        200,
        "{\"Instance\":\"\",\"Status\":404,\"Steps\":[\"there is no route\"],\"Instances\":[]}");
    Ended ended = shell.run("balancer", "explain", "/");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out()).isEqualTo(" 1  there is no route\n");
    assertThat(shell.run("balancer", "explain", "http://a b/").err()).contains("is not a URL");
  }
}
