package io.github.divio4j.client.internal;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import okhttp3.Headers;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import retrofit2.CallAdapter;
import retrofit2.Converter;
import retrofit2.Retrofit;

/**
 * A call that Retrofit has prepared and that can be made any number of times. Retrofit's own call would copy the head of every answer and
 * buffer its body once more.
 *
 * @param request what to send
 * @param reader what reads the body of a good answer
 * @param <W> what a good answer holds; {@link okio.Buffer} for any form, {@link Void} for nothing
 */
public record Call<W>(Request request, Converter<ResponseBody, W> reader) {
    /**
     * Makes it once.
     *
     * @throws NotSentException when no byte of it can have left this machine
     * @throws MalformedAnswerException when the answer is good but for its content
     */
    Answer<W> make(okhttp3.Call.Factory http) throws IOException {
        okhttp3.Call attempt = http.newCall(request);
        try (Response response = execute(attempt)) {
            int status = response.code();
            if (!response.isSuccessful()) {
                return new Answer<>(status, response.headers(), null, ErrorBody.firstPart(response.body()));
            }
            // These two have no body, whatever follows.
            W body = status == 204 || status == 205 ? null : reader.convert(response.body());
            return new Answer<>(status, response.headers(), body, "");
        }
    }

    private static Response execute(okhttp3.Call attempt) throws IOException {
        try {
            return attempt.execute();
        } catch (IOException e) {
            throw SendWitness.sent(attempt) ? e : new NotSentException(e);
        }
    }

    /**
     * What the server said.
     *
     * @param body what a good answer holds; null when it holds nothing
     * @param error the first part of the body of a bad answer
     */
    record Answer<W>(int status, Headers headers, @Nullable W body, String error) {
        boolean good() {
            return status >= 200 && status < 300;
        }
    }

    /** Lets the methods of API interfaces return calls of this class. */
    static final class Factory extends CallAdapter.Factory {
        @Override
        public @Nullable CallAdapter<?, ?> get(Type type, Annotation[] annotations, Retrofit retrofit) {
            if (getRawType(type) != Call.class || !(type instanceof ParameterizedType call)) {
                return null;
            }
            Type content = getParameterUpperBound(0, call);
            return new Adapter<>(content, retrofit.responseBodyConverter(content, annotations));
        }
    }

    private record Adapter<W>(Type responseType, Converter<ResponseBody, W> reader) implements CallAdapter<W, Call<W>> {
        @Override
        public Call<W> adapt(retrofit2.Call<W> call) {
            Request request = call.request();
            RequestBody body = request.body();
            return new Call<>(
                    body == null
                            ? request
                            : request.newBuilder()
                                    .method(request.method(), new OneShotBody(body))
                                    .build(),
                    reader);
        }
    }
}
