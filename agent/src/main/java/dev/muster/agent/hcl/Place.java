package dev.muster.agent.hcl;

/// Where something was written.
///
/// @param source the name of a file, or what else it came from, such as `flag -node`
/// @param line from 1; 0 if the source has no lines
/// @param column from 1, in characters
public record Place(String source, int line, int column) {

  /// A source without lines.
  public static Place of(String source) {
    return new Place(source, 0, 0);
  }

  /// `muster.hcl:3:5`, or the source alone.
  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line + ":" + column;
  }
}
