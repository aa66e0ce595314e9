using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using GraphQL;
using GraphQL.Types;
using Hrms.Api.GraphQL.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.GraphQLHttp;

/// <summary>A small schema with one field for each thing the transport must carry.</summary>
public sealed class TestSchema : Schema
{
    public TestSchema(IServiceProvider services) : base(services)
    {
        RegisterTypeMapping(typeof(JsonElement), typeof(FhirJsonGraphType));
        Query = new AutoRegisteringObjectGraphType<Query>();
        Mutation = new AutoRegisteringObjectGraphType<Mutation>();
        Subscription = new AutoRegisteringObjectGraphType<Subscription>();
    }
}

public sealed class Query
{
    public static string Hello(string name = "world") => $"Hello {name}";

    [LookUp]
    public static string? Find(string id) => id;

    public static string? Caller(IResolveFieldContext context) => context.User?.Identity?.Name;

    public static string? UserContext(IResolveFieldContext context) => context.UserContext.TryGetValue("note", out var note) ? (string?)note : null;

    public static int Scope([FromServices] TestScope scope) => scope.Number;

    public static string Fails() => throw new InvalidOperationException("secret-of-the-server");

    public static double NotANumber() => double.NaN;

    public static int Sum(List<int> numbers) => numbers.Sum();

    public static string Describe(Measure measure) => $"{measure.Code}={measure.Value}{(measure.Detail is { } detail ? detail.GetRawText() : "")}";

    public static decimal Exact(decimal value) => value;

    public static int Size(JsonElement resource) => System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(resource).Length;

    public static JsonElement Echo(JsonElement resource) => resource;

    [OutputType(typeof(FhirJsonGraphType))]
    public static object Raw() => new RawJson("""{"resourceType":"Patient","note":"Zoë"}"""u8.ToArray());

    public static Node Node() => new(0);
}

/// <summary>Endless nesting, for hostile documents.</summary>
public sealed record Node(int Level)
{
    public Node Next() => new(Level + 1);
}

public sealed record Measure(string Code, double Value, JsonElement? Detail = null);

public sealed class Mutation
{
    private static int _count;

    public static int Count() => Interlocked.Increment(ref _count);
}

public sealed class Subscription
{
    public static IObservable<string> Ticks(string topic, [FromServices] TestEvents events) => events.Observe(topic);

    public static IObservable<int> ScopeLife(string topic, IResolveFieldContext context) =>
        new Mapped<string, int>(context.RequestServices!.GetRequiredService<TestEvents>().Observe(topic),
            _ => context.RequestServices!.GetRequiredService<TestScope>().Number);

    private sealed class Mapped<TIn, TOut>(IObservable<TIn> source, Func<TIn, TOut> map) : IObservable<TOut>
    {
        public IDisposable Subscribe(IObserver<TOut> observer) => source.Subscribe(new Mapper(observer, map));

        private sealed class Mapper(IObserver<TOut> observer, Func<TIn, TOut> map) : IObserver<TIn>
        {
            public void OnCompleted() => observer.OnCompleted();

            public void OnError(Exception error) => observer.OnError(error);

            public void OnNext(TIn value) => observer.OnNext(map(value));
        }
    }
}

/// <summary>A scoped service that knows when its scope ended.</summary>
public sealed class TestScope : IDisposable
{
    private static int _last;
    private bool _disposed;

    public int Number
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return field;
        }
    } = Interlocked.Increment(ref _last);

    public void Dispose() => _disposed = true;
}

/// <summary>What subscriptions listen to; tests publish here and wait for listeners to come and go.</summary>
public sealed class TestEvents
{
    private readonly ConcurrentDictionary<string, Topic> _topics = new();

    public IObservable<string> Observe(string topic) => Of(topic);

    public void Publish(string topic, string value) => Of(topic).Each(observer => observer.OnNext(value));

    public void Complete(string topic) => Of(topic).Each(observer => observer.OnCompleted());

    public void Fail(string topic) => Of(topic).Each(observer => observer.OnError(new InvalidOperationException("secret-of-the-server")));

    /// <summary>Waits until a topic has so many listeners.</summary>
    public async Task ListenersAsync(string topic, int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (await Of(topic).Counts.Reader.ReadAsync(deadline.Token) != count) { }
    }

    private Topic Of(string name) => _topics.GetOrAdd(name, _ => new Topic());

    private sealed class Topic : IObservable<string>
    {
        private readonly List<IObserver<string>> _observers = [];

        public Channel<int> Counts { get; } = Channel.CreateUnbounded<int>();

        public IDisposable Subscribe(IObserver<string> observer)
        {
            Change(() => _observers.Add(observer));
            return new Leave(() => Change(() => _observers.Remove(observer)));
        }

        public void Each(Action<IObserver<string>> act)
        {
            IObserver<string>[] all;
            lock (_observers)
                all = [.. _observers];
            foreach (var observer in all)
                act(observer);
        }

        private void Change(Action change)
        {
            lock (_observers)
            {
                change();
                Counts.Writer.TryWrite(_observers.Count);
            }
        }
    }

    private sealed class Leave(Action act) : IDisposable
    {
        private Action? _act = act;

        public void Dispose() => Interlocked.Exchange(ref _act, null)?.Invoke();
    }
}
