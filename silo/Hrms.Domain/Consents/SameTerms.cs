using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>Whether two terms say the same: lists compare by their items, which a record's own equality does not do.</summary>
public static class SameTerms
{
    public static bool Equal(ConsentTerms a, ConsentTerms b) => EventJson.Write(a).AsSpan().SequenceEqual(EventJson.Write(b));
}
