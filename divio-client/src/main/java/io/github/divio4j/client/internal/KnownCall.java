package io.github.divio4j.client.internal;

import com.squareup.moshi.Json;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import retrofit2.http.Body;
import retrofit2.http.DELETE;
import retrofit2.http.GET;
import retrofit2.http.PATCH;
import retrofit2.http.POST;
import retrofit2.http.Query;

/**
 * A call that the client can make, read from its declaration so that the two cannot differ.
 *
 * @param method the HTTP method
 * @param path the path, with {@code {id}} for ids
 * @param parameters the names of its query parameters
 * @param fields the fields of its body, those of the objects in a list as in {@code service_instance_restores[].service_instance}
 */
public record KnownCall(String method, String path, List<String> parameters, List<String> fields) {
    private static final List<Class<?>> APIS = List.of(
            AccountsApi.class,
            AppTemplatesApi.class,
            ApplicationsApi.class,
            BackupsApi.class,
            DeploymentsApi.class,
            DownloadsApi.class,
            EnvironmentVariablesApi.class,
            EnvironmentsApi.class,
            OrganisationsApi.class,
            PlanGroupsApi.class,
            RegionsApi.class,
            RepositoriesApi.class,
            RestoresApi.class,
            ServiceInstanceBackupsApi.class,
            ServiceInstancesApi.class,
            ServicesApi.class,
            UploadsApi.class);

    /** Returns all calls, sorted by path and method. */
    public static List<KnownCall> all() {
        return APIS.stream()
                .flatMap(api -> Stream.of(api.getMethods()))
                .flatMap(method -> of(method).stream())
                .sorted(Comparator.comparing(KnownCall::path).thenComparing(KnownCall::method))
                .toList();
    }

    /** Returns the part of the API that the path belongs to, as in {@code /apps/v3/}. */
    public String root() {
        return path.substring(0, path.indexOf("/v3/") + "/v3/".length());
    }

    private static Optional<KnownCall> of(Method method) {
        for (Annotation annotation : method.getAnnotations()) {
            String name = annotation.annotationType().getSimpleName();
            String path = annotation instanceof GET get
                    ? get.value()
                    : annotation instanceof POST post
                            ? post.value()
                            : annotation instanceof PATCH patch
                                    ? patch.value()
                                    : annotation instanceof DELETE delete ? delete.value() : "";
            if (!path.isEmpty()) {
                return Optional.of(of(name, path, method));
            }
        }
        return Optional.empty();
    }

    private static KnownCall of(String name, String path, Method method) {
        List<String> parameters = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            Query query = parameter.getAnnotation(Query.class);
            if (query != null) {
                parameters.add(query.value());
            }
            if (parameter.isAnnotationPresent(Body.class)) {
                addFields(parameter.getType(), "", fields);
            }
        }
        return new KnownCall(name, path, parameters, fields);
    }

    private static void addFields(Class<?> body, String prefix, List<String> fields) {
        for (RecordComponent component : body.getRecordComponents()) {
            Json json = json(body, component);
            String field = prefix + (json == null ? component.getName() : json.name());
            fields.add(field);
            if (component.getGenericType() instanceof ParameterizedType list
                    && list.getActualTypeArguments()[0] instanceof Class<?> item
                    && item.isRecord()) {
                addFields(item, field + "[].", fields);
            }
        }
    }

    private static @Nullable Json json(Class<?> type, RecordComponent component) {
        try {
            return type.getDeclaredField(component.getName()).getAnnotation(Json.class);
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }
}
