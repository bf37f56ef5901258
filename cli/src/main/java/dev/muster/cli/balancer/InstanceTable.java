package dev.muster.cli.balancer;

import dev.muster.cli.command.TextTable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Instances as the balancer uses them, a row each.
final class InstanceTable {
  private InstanceTable() {}

  /// @param isOfAll whether they are of several upstreams
  static TextTable of(JsonNode instances, boolean isOfAll) {
    List<String> titles =
        new ArrayList<>(
            List.of("Instance", "Address", "State", "Weight", "Active", "Tries", "Failures"));
    if (isOfAll) {
      titles.addFirst("Upstream");
    }
    titles.add("Reason");
    var table = new TextTable(titles.toArray(String[]::new));
    for (JsonNode each : instances) {
      List<String> row = new ArrayList<>();
      if (isOfAll) {
        row.add(each.path("Upstream").asString(""));
      }
      row.add(each.path("Instance").asString(""));
      row.add(each.path("Address").asString(""));
      row.add(each.path("State").asString(""));
      row.add(weight(each.path("Weight").asDouble(0)));
      row.add(Long.toString(each.path("Active").asLong(0)));
      row.add(Long.toString(each.path("Tries").asLong(0)));
      row.add(Long.toString(each.path("Failures").asLong(0)));
      row.add(each.path("Reason").asString("").replaceAll("\\s+", " "));
      table.add(row.toArray(String[]::new));
    }
    return table;
  }

  private static String weight(double weight) {
    return BigDecimal.valueOf(Math.round(weight * 100), 2).stripTrailingZeros().toPlainString();
  }
}
