using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hrms.TestKit;

/// <summary>Writes all that a host under test logs into a file, with categories, scopes and exceptions. In a <see cref="TemporaryFolder"/> and named <c>*.log</c> it is searched at the end.</summary>
public sealed class FileLog(string path) : ILoggerProvider
{
    private const int BytesKept = 64 * 1024;
    private readonly StreamWriter _file = new(path, append: true, System.Text.Encoding.UTF8, BytesKept);
    private bool _isDisposed;

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
        lock (_file)
        {
            _isDisposed = true;
            _file.Dispose();
        }
    }

    private void Write(string line)
    {
        lock (_file)
            if (!_isDisposed)
                _file.WriteLine(line);
    }

    private sealed class Category(FileLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            log.Write($"Scope {name} {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Write($"{logLevel} {name} {formatter(state, exception)} {exception}");
    }
}

public static class FileLogs
{
    /// <summary>A host under test logs into a file whatever an operator could make it log: as with <c>Logging:Console:LogLevel:Default=Trace</c>, which counts more than what the code says for all providers.</summary>
    /// <param name="finest">The default is what a test of times and sizes bears.</param>
    /// <param name="path">In a <see cref="TemporaryFolder"/>, and named <c>*.log</c>.</param>
    public static ILoggingBuilder AddFileLog(this ILoggingBuilder logging, string path, LogLevel finest = LogLevel.Debug)
    {
        // By a factory, so that the host disposes it and its last lines are written.
        logging.Services.AddSingleton<ILoggerProvider>(_ => new FileLog(path));
        return logging.AddFilter<FileLog>(level => level >= finest);
    }
}
