package io.github.divio4j.client.internal;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.Moshi;
import java.io.EOFException;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import retrofit2.Converter;
import retrofit2.Retrofit;
import retrofit2.converter.moshi.MoshiConverterFactory;

/**
 * Moshi's converters, with a clean line between a connection that broke and an answer that is no good JSON, and a bound on what is read.
 *
 * <p>An answer that may have any form is a {@link Buffer}: Retrofit reads its own {@link ResponseBody} without a bound.
 */
final class JsonConverters extends Converter.Factory {
    private final MoshiConverterFactory moshi;
    private final long maxBytes;

    JsonConverters(Moshi moshi, long maxBytes) {
        this.moshi = MoshiConverterFactory.create(moshi);
        this.maxBytes = maxBytes;
    }

    @Override
    public @Nullable Converter<ResponseBody, ?> responseBodyConverter(
            Type type, Annotation[] annotations, Retrofit retrofit) {
        if (type == Buffer.class) {
            return this::read;
        }
        Converter<ResponseBody, ?> parser = moshi.responseBodyConverter(type, annotations, retrofit);
        return parser == null ? null : body -> parse(parser, body);
    }

    private Buffer read(ResponseBody body) throws IOException {
        fetch(body.source());
        Buffer all = new Buffer();
        body.source().readAll(all);
        return all;
    }

    private void fetch(BufferedSource source) throws IOException {
        if (source.request(maxBytes + 1)) {
            throw new AnswerTooLargeException(maxBytes);
        }
    }

    private Object parse(Converter<ResponseBody, ?> parser, ResponseBody body) throws IOException {
        // Everything that the network can do wrong happens here ...
        fetch(body.source());
        // ... so that whatever goes wrong from here on is the answer's fault.
        Object value;
        try {
            value = parser.convert(body);
        } catch (EOFException e) {
            throw new MalformedAnswerException("it is no complete JSON");
        } catch (IOException e) {
            throw new MalformedAnswerException("it is no JSON");
        } catch (JsonDataException e) {
            throw new MalformedAnswerException(withoutValue(e));
        }
        if (value == null) {
            throw new MalformedAnswerException("it is null");
        }
        return value;
    }

    // "Expected an int but was s3cret at path $.size": where it is may be told, what it is may not.
    private static String withoutValue(JsonDataException e) {
        String message = e.getMessage() == null ? "" : e.getMessage();
        int was = message.indexOf(" but was ");
        int at = message.lastIndexOf(" at path $");
        String expected = was > 0 && message.startsWith("Expected ") ? message.substring(0, was) : "Unexpected value";
        return at < 0 ? expected : expected + message.substring(at);
    }

    @Override
    public @Nullable Converter<?, RequestBody> requestBodyConverter(
            Type type, Annotation[] parameterAnnotations, Annotation[] methodAnnotations, Retrofit retrofit) {
        return moshi.requestBodyConverter(type, parameterAnnotations, methodAnnotations, retrofit);
    }
}
