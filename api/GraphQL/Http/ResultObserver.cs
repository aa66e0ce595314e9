using GraphQL;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// Listens to one subscription until it completes, fails or <see cref="Dispose"/> is called, which also stops the source. The
/// callbacks run on the source's thread and only queue.
/// </summary>
internal sealed class ResultObserver(Action<ExecutionResult> next, Action<ExecutionResult> fail) : IObserver<ExecutionResult>, IDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IDisposable? _source;
    private volatile bool _disposed;

    /// <summary>Completes when nothing more will come; never fails.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Starts listening.</summary>
    public void Listen(IObservable<ExecutionResult> stream)
    {
        _source = stream.Subscribe(this);
        if (_disposed)
            _source.Dispose();
    }

    public void OnNext(ExecutionResult value)
    {
        if (!_disposed && !_ended.Task.IsCompleted)
            next(value);
    }

    public void OnError(Exception error)
    {
        // graphql-dotnet passes every fault through the unhandled exception delegate: what comes here is an ExecutionError.
        if (!_disposed && !_ended.Task.IsCompleted)
            fail(new ExecutionResult(error as ExecutionError ?? new ExecutionError("The subscription failed.") { Code = "INTERNAL_ERROR" }));
        _ended.TrySetResult();
    }

    public void OnCompleted() => _ended.TrySetResult();

    public void Dispose()
    {
        _disposed = true;
        _source?.Dispose();
        _ended.TrySetResult();
    }
}
