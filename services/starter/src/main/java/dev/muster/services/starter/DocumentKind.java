package dev.muster.services.starter;

/// What a service calls its documents.
///
/// @param table the table with columns `id` and `info`
/// @param idName the JSON member which carries the id, as in `user_id`
/// @param infoName the JSON member which carries the document, as in `user_info`
/// @param label the word for people, as in `User not found`
public record DocumentKind(String table, String idName, String infoName, String label) {
  /// The kind whose names all follow from one word: `user` gives `users`, `user_id`, `user_info`
  /// and `User`.
  public static DocumentKind named(String word) {
    String label = Character.toUpperCase(word.charAt(0)) + word.substring(1);
    return new DocumentKind(word + "s", word + "_id", word + "_info", label);
  }
}
