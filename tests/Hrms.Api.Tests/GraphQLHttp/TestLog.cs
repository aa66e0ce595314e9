using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Hrms.Api.Tests.GraphQLHttp;

/// <summary>Keeps every log line with its exception's text, so that a test can look for what must not be there.</summary>
public sealed class TestLog : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format) =>
        Lines.Enqueue($"{level} {format(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
