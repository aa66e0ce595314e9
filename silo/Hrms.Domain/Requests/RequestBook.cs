using System.Collections.Immutable;
using Hrms.Contracts;

namespace Hrms.Domain.Requests;

/// <summary>A request in the patient's state.</summary>
/// <param name="Closed">What was decided; null: nothing yet, or too late.</param>
public sealed record ReceivedRequest(ConsentRequest Request, ConsentRequestStatus? Closed = null, DateTimeOffset? ClosedAt = null, ConsentId? Consent = null)
{
    public ConsentRequestStatus StatusAt(DateTimeOffset now) =>
        Closed ?? (Request.IsOpenAt(now) ? ConsentRequestStatus.Requested : ConsentRequestStatus.Expired);

    public ConsentRequestView ViewAt(DateTimeOffset now) => new(Request, StatusAt(now), ClosedAt, Consent);
}

/// <summary>A request in its asker's state. What the patient made of it is asked at the patient's grain.</summary>
public sealed record AskedRequest(ConsentRequest Request, DateTimeOffset? WithdrawnAt = null)
{
    public bool IsOpenAt(DateTimeOffset now) => WithdrawnAt is null && Request.IsOpenAt(now);

    /// <param name="atPatient">What the patient's grain knows of it; null: nothing.</param>
    public ConsentRequestView ViewAt(DateTimeOffset now, ConsentRequestView? atPatient) =>
        WithdrawnAt is { } withdrawn ? new ConsentRequestView(Request, ConsentRequestStatus.Withdrawn, withdrawn)
        : atPatient is { } known ? new ConsentRequestView(Request, known.Status, known.ClosedAt)
        : new ConsentRequestView(Request, Request.IsOpenAt(now) ? ConsentRequestStatus.Requested : ConsentRequestStatus.Expired);
}

/// <summary>The requests that a patient's grain keeps, oldest first: at most <see cref="Limits.RequestsMax"/>; the rest is in the stream.</summary>
public sealed record RequestBook(ImmutableList<ReceivedRequest> All)
{
    public static readonly RequestBook Empty = new([]);

    public ReceivedRequest? Find(RequestId id) => All.Find(request => request.Request.Id == id);

    public bool HasRoomAt(DateTimeOffset now) =>
        All.Count < Limits.RequestsMax || All.Exists(request => request.StatusAt(now) != ConsentRequestStatus.Requested);

    public RequestBook With(ConsentRequest request, DateTimeOffset at)
    {
        var kept = All.Count < Limits.RequestsMax ? All : All.RemoveAt(All.FindIndex(old => old.StatusAt(at) != ConsentRequestStatus.Requested));
        return new RequestBook(kept.Add(new ReceivedRequest(request)));
    }

    public RequestBook Close(RequestId id, ConsentRequestStatus status, DateTimeOffset at, ConsentId? consent = null) =>
        Find(id) is { } open ? new RequestBook(All.Replace(open, open with { Closed = status, ClosedAt = at, Consent = consent })) : this;
}

internal static class RequestTimes
{
    public static bool IsOpenAt(this ConsentRequest request, DateTimeOffset now) => now < request.ExpiresAt;
}
