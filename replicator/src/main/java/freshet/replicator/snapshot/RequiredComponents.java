package freshet.replicator.snapshot;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/**
 * What a record says by its types holds for its JSON too: a component that is not {@code Nullable}
 * has to be there, and is not null. Without this a damaged or hostile file becomes a value with
 * nulls in it, which fails wherever it is used, or not at all.
 */
final class RequiredComponents extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1L;

  @Override
  public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
    return isRequired(member) ? Boolean.TRUE : super.hasRequiredMarker(member);
  }

  @Override
  public JsonSetter.Value findSetterInfo(Annotated annotated) {
    return isRequired(annotated)
        ? JsonSetter.Value.forValueNulls(Nulls.FAIL)
        : super.findSetterInfo(annotated);
  }

  private static boolean isRequired(Annotated annotated) {
    if (!(annotated instanceof AnnotatedParameter parameter)) {
      return false;
    }
    RecordComponent[] components = parameter.getDeclaringClass().getRecordComponents();
    return components != null
        && components.length == parameter.getOwner().getParameterCount()
        && !components[parameter.getIndex()].getAnnotatedType().isAnnotationPresent(Nullable.class);
  }
}
