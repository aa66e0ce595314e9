namespace Hrms.Contracts;

/// <summary>
/// References to grains for those who ask one at every request, edges and grains alike. Orleans' own <c>GetGrain</c> looks for attributes of the interface by
/// reflection at each call, which costs more than the call of a grain in the same silo; what it finds is always the same, and is kept here.
/// </summary>
public static class GrainReferences
{
    /// <summary>The same as <c>GetGrain&lt;TGrain&gt;(key)</c>.</summary>
    public static TGrain Grain<TGrain>(this IGrainFactory grains, Guid key) where TGrain : IGrainWithGuidKey
    {
        if (Known<TGrain>.Types is { } types)
            return (TGrain)grains.GetGrain(GrainId.Create(types.Grain, GrainIdKeyExtensions.CreateGuidKey(key)), types.Interface);
        var grain = grains.GetGrain<TGrain>(key);
        // Whoever puts something of their own in a grain's place (a test's fake) is asked each time.
        if (grain is GrainReference reference)
            Known<TGrain>.Types = new(reference.GrainId.Type, reference.InterfaceType);
        return grain;
    }

    private sealed record Types(GrainType Grain, GrainInterfaceType Interface);

    private static class Known<TGrain>
    {
        public static volatile Types? Types;
    }
}
