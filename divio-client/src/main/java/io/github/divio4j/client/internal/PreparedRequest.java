package io.github.divio4j.client.internal;

import kotlin.jvm.functions.Function0;
import kotlin.reflect.KClass;
import okhttp3.Callback;
import okhttp3.EventListener;
import okhttp3.Request;
import okhttp3.Response;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/** What Retrofit is given for a call of OkHttp: of it only the request is wanted, which {@link Call} takes over. */
record PreparedRequest(Request request) implements okhttp3.Call {
    private static UnsupportedOperationException never() {
        return new UnsupportedOperationException("only holds a request");
    }

    @Override
    public Response execute() {
        throw never();
    }

    @Override
    public void enqueue(Callback callback) {
        throw never();
    }

    @Override
    public void cancel() {
        throw never();
    }

    @Override
    public boolean isExecuted() {
        return false;
    }

    @Override
    public boolean isCanceled() {
        return false;
    }

    @Override
    public Timeout timeout() {
        return Timeout.NONE;
    }

    @Override
    public void addEventListener(EventListener listener) {
        throw never();
    }

    @Override
    public <T> @Nullable T tag(KClass<T> type) {
        return null;
    }

    @Override
    public <T> @Nullable T tag(Class<? extends T> type) {
        return null;
    }

    @Override
    public <T> T tag(KClass<T> type, Function0<? extends T> absent) {
        throw never();
    }

    @Override
    public <T> T tag(Class<T> type, Function0<? extends T> absent) {
        throw never();
    }

    @Override
    public okhttp3.Call clone() {
        return this;
    }
}
