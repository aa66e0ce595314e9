using Microsoft.Extensions.Logging;

namespace Hrms.TestKit;

/// <summary>Writes all that a host under test logs into a file, with exceptions. In a <see cref="TemporaryFolder"/> and named <c>*.log</c> it is searched at the end.</summary>
public sealed class FileLog(string path) : ILoggerProvider, ILogger
{
    private readonly TextWriter _file = TextWriter.Synchronized(new StreamWriter(path, append: true));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _file.WriteLine($"{logLevel} {formatter(state, exception)} {exception}");

    public void Dispose() => _file.Dispose();
}
