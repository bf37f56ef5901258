package dev.muster.services.starter;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;

/// Reads the body of a request as a [PostedObject]: never more of it than the limit, whether or not
/// the request says how long it is.
final class PostedObjectReader extends AbstractHttpMessageConverter<PostedObject> {
  PostedObjectReader() {
    super(MediaType.APPLICATION_JSON);
  }

  @Override
  protected boolean supports(Class<?> type) {
    return type == PostedObject.class;
  }

  @Override
  public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
    return false;
  }

  @Override
  protected PostedObject readInternal(Class<? extends PostedObject> type, HttpInputMessage request)
      throws IOException {
    boolean isTooLong = request.getHeaders().getContentLength() > PostedObject.BYTES_MAX;
    byte[] body =
        isTooLong ? new byte[0] : request.getBody().readNBytes(PostedObject.BYTES_MAX + 1);
    if (isTooLong || body.length > PostedObject.BYTES_MAX) {
      throw new Problem(
          HttpStatus.CONTENT_TOO_LARGE,
          "The body is longer than " + PostedObject.BYTES_MAX + " bytes");
    }
    return PostedObject.parse(body);
  }

  @Override
  protected void writeInternal(PostedObject object, HttpOutputMessage response) {
    throw new UnsupportedOperationException("PostedObject is only read");
  }
}
