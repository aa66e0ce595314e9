using Hrms.Api.Budgets;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// Counts the requests that are under way and turns away those that are too many. A POST is looked at first of all, before it is known who sends it and what: under an overload what is turned
/// away comes as often as what is done, and whatever is spent on it is missing there. What else comes to the endpoint, and POSTs that were not recognised by their path, the endpoint brings here
/// itself. Put before every other middleware by the host, who finds it among the services.
/// </summary>
internal sealed class RequestGate(GraphQLHttpOptions options, ResultSerializer serializer) : IStartupFilter
{
    private static readonly string RetryAfter = $"{HrmsBudgets.Seconds(GraphQLRefusal.Busy.RetryAfter!.Value)}";
    private readonly byte[] _busy = Busy(serializer);
    private int _underWay;

    /// <summary>Where the endpoint is.</summary>
    public PathString Path { get; set; }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(rest => http => HttpMethods.IsPost(http.Request.Method) && http.Request.Path == Path && MediaTypes.Negotiate(http.Request) is var form and not ResponseForm.EventStream
            ? PassAsync(http, form, rest) : rest(http));
        next(app);
    };

    /// <summary>Does what is to be done for the request, or tells that too many are under way. One that came by here before keeps its place.</summary>
    public Task PassAsync(HttpContext http, ResponseForm form, RequestDelegate rest)
    {
        if (http.Features.Get<Place>() is not null)
            return rest(http);
        return TryEnter() ? HoldPlaceAsync(http, rest) : TurnAwayAsync(http, form);
    }

    /// <summary>Waits for what the caller still sends. The request has no place meanwhile, so that who sends slowly keeps nobody out.</summary>
    /// <returns>False: it has come, and now all places are taken.</returns>
    public async ValueTask<bool> WaitForCallerAsync(HttpContext http, Task coming)
    {
        if (http.Features.Get<Place>() is not { } place)
        {
            await coming;
            return true;
        }
        place.IsHeld = false;
        Interlocked.Decrement(ref _underWay);
        await coming;
        return place.IsHeld = TryEnter();
    }

    private bool TryEnter()
    {
        if (Interlocked.Increment(ref _underWay) <= options.RequestsUnderWayMax)
            return true;
        Interlocked.Decrement(ref _underWay);
        return false;
    }

    private async Task HoldPlaceAsync(HttpContext http, RequestDelegate rest)
    {
        var place = new Place();
        http.Features.Set(place);
        try
        {
            await rest(http);
        }
        finally
        {
            if (place.IsHeld)
                Interlocked.Decrement(ref _underWay);
        }
    }

    private Task TurnAwayAsync(HttpContext http, ResponseForm form)
    {
        var response = http.Response;
        GraphQLHttpEndpoint.SetHeaders(response.Headers);
        response.Headers.RetryAfter = RetryAfter;
        response.StatusCode = GraphQLRefusal.Busy.Status!.Value;
        response.ContentType = MediaTypes.Of(form);
        response.ContentLength = _busy.Length;
        return response.BodyWriter.WriteAsync(_busy, http.RequestAborted).AsTask();
    }

    private static byte[] Busy(ResultSerializer serializer)
    {
        using var written = serializer.Write(ResultSerializer.ToResult(GraphQLRefusal.Busy));
        return written.Written.ToArray();
    }

    private sealed class Place
    {
        public bool IsHeld { get; set; } = true;
    }
}
