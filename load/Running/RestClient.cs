using Hrms.Load.Baselines;
using Hrms.Load.Scenarios;

namespace Hrms.Load.Running;

/// <summary>One client of the REST endpoint that GraphQL is compared with (<see cref="RestHost"/>).</summary>
internal sealed class RestClient(Uri server) : IDisposable
{
    private readonly HttpConnection _connection = new(server);
    private readonly RequestBytes _request = new(server);

    /// <exception cref="RequestFailedException">It was granted and did not come.</exception>
    public async Task ReadAsync(SharedRecord target, CancellationToken stop)
    {
        var (status, body) = await _connection.SendAsync(_request.Get(RestHost.Path(target.Patient.Id, target.Record), target.Practitioner.Token), stop);
        if (status != 200 || body.Span.IndexOf(System.Text.Encoding.ASCII.GetBytes(target.Record)) < 0)
            throw new RequestFailedException($"HTTP {status}: record {target.Record} was granted and did not come.");
    }

    public void Dispose() => _connection.Dispose();
}
