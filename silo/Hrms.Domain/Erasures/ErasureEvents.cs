using System.Text.Json.Serialization;
using Hrms.Contracts;

namespace Hrms.Domain.Erasures;

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(RecordErased), "record-erased")]
public abstract record ErasureEvent(DateTimeOffset At);

/// <summary>A record was erased. Whose is not said, and nobody can compute it: the number is random.</summary>
/// <param name="Member">See <see cref="ErasureCertificate"/>.</param>
public sealed record RecordErased(DateTimeOffset At, Guid Certificate, string Member) : ErasureEvent(At);

/// <summary>The stream of one certificate: one event.</summary>
public sealed record ErasureState(RecordErased? Erased)
{
    public static readonly ErasureState Initial = new((RecordErased?)null);

    public ErasureCertificate? View() => Erased is { } erased ? new(erased.Certificate, erased.At, erased.Member) : null;
}
