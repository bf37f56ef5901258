package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Shell.Ended;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `operator`, with the answers of a recorded server.
class OperatorCommandsTest {
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
  void peers() {
    agent.answering(
        "GET /v1/operator/raft/configuration",
        200,
        """
        {"Servers":[
          {"ID":"11374252","Node":"dev1","Address":"127.0.0.1:8300","Leader":true,
           "ProtocolVersion":"3","Voter":true,"LastIndex":90},
          {"ID":"22374252","Node":"dev2","Address":"127.0.0.1:8310","Leader":false,
           "ProtocolVersion":"3","Voter":true,"LastIndex":88},
          {"ID":"33374252","Node":"dev3","Address":"127.0.0.1:8320","Leader":false,
           "ProtocolVersion":"3","Voter":false}],"Index":0}
        """);
    // Cap lifted: a table is as wide as it is
    assertThat(shell.run("operator", "raft", "list-peers", "-stale").out())
        .isEqualTo(
            """
            Node  ID        Address         State     Voter  RaftProtocol  Commit Index  Trails Leader By
            dev1  11374252  127.0.0.1:8300  leader    true   3             90            -
            dev2  22374252  127.0.0.1:8310  follower  true   3             88            2 commits
            dev3  33374252  127.0.0.1:8320  follower  false  3             -             -
            """);
    assertThat(agent.asked).containsExactly("GET /v1/operator/raft/configuration?stale");
  }

  @Test
  void removingPeersAndHandingLeadershipOver() {
    agent.answering("DELETE /v1/operator/raft/peer", 200, "");
    agent.answering("POST /v1/operator/raft/transfer-leader", 200, "{\"Success\":true}");
    assertThat(shell.run("operator", "raft", "remove-peer", "-address=1.2.3.4:8300").out())
        .isEqualTo("Removed peer with address \"1.2.3.4:8300\"\n");
    assertThat(shell.run("operator", "raft", "remove-peer").err()).contains("address or id");
    assertThat(shell.run("operator", "raft", "transfer-leader", "-id=x").out())
        .isEqualTo("Success\n");
    assertThat(agent.asked)
        .containsExactly(
            "DELETE /v1/operator/raft/peer?address=1.2.3.4%3A8300",
            "POST /v1/operator/raft/transfer-leader?id=x");
    agent.answering(
        "DELETE /v1/operator/raft/peer",
        500,
        "address \"1.2.3.4:8300\" was not found in the Raft configuration");
    Ended refused = shell.run("operator", "raft", "remove-peer", "-address=1.2.3.4:8300");
    assertThat(refused.err()).contains("not found in the Raft configuration");
  }

  @Test
  void settingsOfTheAutopilotAreChangedOnlyWhereAsked() {
    agent.answering(
        "GET /v1/operator/autopilot/configuration",
        200,
        """
        {"CleanupDeadServers":true,"LastContactThreshold":"200ms","MaxTrailingLogs":250,
         "MinQuorum":0,"ServerStabilizationTime":"10s","RedundancyZoneTag":"",
         "DisableUpgradeMigration":false,"UpgradeVersionTag":"","CreateIndex":5,"ModifyIndex":6}
        """);
    agent.answering("PUT /v1/operator/autopilot/configuration", 200, "true");
    assertThat(shell.run("operator", "autopilot", "get-config").out())
        .isEqualTo(
            """
            CleanupDeadServers = true
            LastContactThreshold = 200ms
            MaxTrailingLogs = 250
            MinQuorum = 0
            ServerStabilizationTime = 10s
            RedundancyZoneTag = ""
            DisableUpgradeMigration = false
            UpgradeVersionTag = ""
            """);
    String[] set = {
      "operator", "autopilot", "set-config", "-cleanup-dead-servers=false", "-min-quorum=3"
    };
    assertThat(shell.run(set).out()).isEqualTo("Configuration updated!\n");
    assertThat(agent.asked)
        .last()
        .asString()
        .startsWith("PUT /v1/operator/autopilot/configuration?cas=6 ")
        .contains("\"CleanupDeadServers\":false", "\"MinQuorum\":3", "\"MaxTrailingLogs\":250");
    agent.answering("PUT /v1/operator/autopilot/configuration", 200, "false");
    assertThat(shell.run(set).err()).contains("try again");
  }

  @Test
  void theStateOfTheAutopilot() {
    agent.answering(
        "GET /v1/operator/autopilot/state",
        200,
        """
        {"Healthy":true,"FailureTolerance":1,"OptimisticFailureTolerance":0,"Leader":"7932",
         "Voters":["7932"],"Servers":{"7932":{"ID":"7932","Name":"node1",
         "Address":"198.18.0.1:8300","Version":"1.9.0","Status":"leader","NodeType":"voter",
         "NodeStatus":"alive","Healthy":true,"LastContact":"0s","LastTerm":3,"LastIndex":42,
         "Meta":{"foo":"bar"}}}}
        """);
    assertThat(shell.run("operator", "autopilot", "state").out())
        .isEqualTo(
            """
            Healthy:                      true
            Failure Tolerance:            1
            Optimistic Failure Tolerance: 0
            Leader:                       7932
            Voters:
               7932
            Servers:
               7932
                  Name:            node1
                  Address:         198.18.0.1:8300
                  Version:         1.9.0
                  Status:          leader
                  Node Type:       voter
                  Node Status:     alive
                  Healthy:         true
                  Last Contact:    0s
                  Last Term:       3
                  Last Index:      42
                  Meta
                     "foo": "bar"
            """);
    assertThat(shell.run("operator", "autopilot", "state", "-format=json").out())
        .startsWith("{\n    \"Healthy\": true,\n");
  }

  @Test
  void usage() {
    agent.answering(
        "GET /v1/operator/usage",
        200,
        """
        {"Usage":{"dc1":{"Nodes":1,"Services":2,"ServiceInstances":3,
         "BillableServiceInstances":3,"ConnectServiceInstances":{"mesh-gateway":1}}},"Index":13}
        """);
    assertThat(shell.run("operator", "usage", "instances").out())
        .contains(
            "Billable Service Instances Total: 3\ndc1 Billable Service Instances: 3\n",
            "dc1         2         3\n",
            "Nodes\nDatacenter  Count\ndc1         1\n",
            "dc1         mesh-gateway  1\n");
    assertThat(shell.run("operator", "usage", "instances", "-connect").out())
        .doesNotContain("Billable");
  }
}
