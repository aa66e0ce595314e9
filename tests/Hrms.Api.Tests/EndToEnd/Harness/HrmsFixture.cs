using System.Globalization;
using System.Security.Claims;
using Hrms.Api.Auth;
using Hrms.Api.Budgets;
using Hrms.Api.Hosting;
using Hrms.Api.Identity;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.GraphQLHttp;
using Hrms.Api.Tests.Identity;
using Hrms.Contracts;
using Hrms.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Npgsql;
using OpenTelemetry.Metrics;

[assembly: AssemblyFixture(typeof(PrivacyWatch))]
[assembly: AssemblyFixture(typeof(HrmsFixture))]

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>
/// The whole product as a stranger starts it, once for all tests: PostgreSQL, ledger node, silo and API on free ports. Begins with the first person that a test
/// asks for; every test makes its own people, so tests do not see each other.
/// </summary>
public class HrmsFixture : IAsyncDisposable
{
    // Longer than all tests together move the clock.
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromDays(3_650);

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task<EmbeddedHost>> _host;

    public HrmsFixture() => _host = new Lazy<Task<EmbeddedHost>>(StartAsync);

    /// <summary>What the grains take for the time. Only tests of the collection <see cref="TimeTravel"/> change it.</summary>
    public AdjustableClock Clock { get; } = new();

    /// <summary>What each party may cost in a minute: tests ask faster than people do. Null: as the product has it.</summary>
    public int? CostPerMinute { get; init; } = 1_000_000_000;

    /// <summary>What everybody without a token may cost in a minute: all tests come from one address. Null: as the product has it.</summary>
    public int? AnonymousCostPerMinute { get; init; } = 100_000_000;

    /// <summary>How often an address may try to sign in within a minute: all tests come from one. Null: as the product has it.</summary>
    public int? TriesPerMinute { get; init; } = 1_000_000;

    /// <summary>The apps that the installation knows.</summary>
    public TestApps Apps { get; } = new();

    /// <summary>The finest that the log file gets.</summary>
    public LogLevel Finest { get; init; } = LogLevel.Debug;

    public string LogFile => _folder["host.log"];

    public string DataFolder => _folder["data"];

    /// <summary>Where the mails of the data folder's outbox are.</summary>
    public string Outbox => _folder["data/outbox"];

    /// <summary>Warnings and worse, with their exceptions.</summary>
    public TestLog Log { get; } = new();

    /// <summary>For requests that no person of ours would send.</summary>
    public HttpClient Http { get; } = new();

    public Task<EmbeddedHost> HostAsync()
    {
        EmbeddedPrograms.SkipWhenMissing();
        return _host.Value;
    }

    /// <summary>A registered patient whose record is empty and who shares nothing.</summary>
    public async Task<Patient> PatientAsync()
    {
        var clerk = await OperatorAsync();
        var registered = await clerk.SendsAsync("registerPatient", new { commandId = Guid.NewGuid() }, "patient { id }");
        return await PatientAsync(registered.Payload.GetProperty("patient").GetProperty("id").GetGuid());
    }

    /// <summary>Someone with a patient's token, whether or not there is such a patient.</summary>
    public async Task<Patient> PatientAsync(Guid id, string? token = null) => new(this, id, token ?? await TokenAsync(patient: id));

    /// <summary>An app that the patient allowed what the scopes say.</summary>
    public async Task<Patient> AppOfAsync(Patient patient, string scope, Guid? onBehalfOf = null) =>
        new(this, patient.Id, await TokenAsync(patient: patient.Id, scope: scope, onBehalfOf: onBehalfOf, app: "diary"));

    /// <summary>An app that the practitioner uses, and allowed what the scopes say.</summary>
    public async Task<Provider> AppOfAsync(Provider practitioner, string scope) =>
        new(this, practitioner.Id, practitioner.Kind, await TokenAsync(practitioner: practitioner.Id, scope: scope, app: "diary"));

    public Task<Provider> PractitionerAsync(string name = "Dr Leonie Thistlewood") => ProviderAsync(ProviderKind.Practitioner, name);

    public Task<Provider> OrganizationAsync(string name = "St. Mary's") => ProviderAsync(ProviderKind.Organization, name);

    public async Task<Operator> OperatorAsync() => new(this, await TokenAsync(isOperator: true));

    public async Task<string> TokenAsync(
        Guid? patient = null, Guid? practitioner = null, Guid? organization = null, Guid? device = null, bool isOperator = false, PurposeOfUse? purpose = null,
        Guid? onBehalfOf = null, string scope = TokenScope.Account, string? app = null)
    {
        var claims = TokenCommand.Claims(patient, practitioner, organization, device, isOperator, onBehalfOf, scope)!;
        if (app is not null)
            claims.Add(new Claim(HrmsClaims.ClientId, app));
        if (purpose is { } pinned)
            claims.Add(new Claim(HrmsClaims.PurposeOfUse, pinned.ToString()));
        var host = await HostAsync();
        return host.Services.GetRequiredService<DevelopmentIssuer>().Issue(claims, TokenLifetime, TimeProvider.System);
    }

    /// <summary>Does something whose time counts, again when another test moved the clock meanwhile.</summary>
    public async Task<T> UnlessTimeLeapsAsync<T>(Func<Task<T>> act, Func<T, bool> mayBeOfTime)
    {
        await HostAsync();
        while (true)
        {
            var ahead = Clock.Ahead;
            var result = await act();
            if (Clock.Ahead == ahead || !mayBeOfTime(result))
                return result;
        }
    }

    /// <summary>A token of somebody who runs an organisation's accounts, or the installation.</summary>
    public async Task<string> TokenOfStaffAsync(string role, Guid account, Guid? organization = null)
    {
        List<Claim> claims = [new("sub", $"{account:D}"), new(HrmsClaims.Role, role), new(HrmsClaims.Scope, TokenScope.Account)];
        if (organization is { } whose)
            claims.Add(new Claim(HrmsClaims.Organization, $"{whose:D}"));
        return (await HostAsync()).Services.GetRequiredService<DevelopmentIssuer>().Issue(claims, TokenLifetime, TimeProvider.System);
    }

    /// <summary>The same token after its person signed in again, by the installation's clock.</summary>
    public async Task<string> SignedInAgainAsync(string token)
    {
        string[] anew = ["iss", "aud", "jti", "nbf", "exp", "iat", "auth_time"];
        var now = Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var claims = new JsonWebToken(token).Claims.Where(claim => !anew.Contains(claim.Type))
            .Concat(new[] { "iat", "auth_time" }.Select(name => new Claim(name, now, ClaimValueTypes.Integer64)));
        return (await HostAsync()).Services.GetRequiredService<DevelopmentIssuer>().Issue([.. claims], TokenLifetime, TimeProvider.System);
    }

    /// <summary>What a person with the database's own password can do: anything.</summary>
    public async Task<int> AsSuperuserAsync(string sql, params (string Name, object Value)[] parameters)
    {
        await using var connection = new NpgsqlConnection((await HostAsync()).Embedded.PostgresConnectionString);
        await connection.OpenAsync();
        // Triggers stay silent for a replica: the journal's own refusal does not hold a superuser back.
        await using var command = new NpgsqlCommand($"set session_replication_role = replica; {sql}", connection);
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first row of an answer of the database; null when there is none.</summary>
    public async Task<T?> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> row, params (string Name, object Value)[] parameters) where T : class
    {
        await using var connection = new NpgsqlConnection((await HostAsync()).Embedded.PostgresConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? row(reader) : null;
    }

    /// <summary>Ends every activation that is idle, so that the next question reads what is durable.</summary>
    public async Task ForgetAsync() =>
        await (await HostAsync()).Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    /// <summary>Stops silo and API; PostgreSQL and the ledger's node run on until the end.</summary>
    public async Task StopServersAsync() => await (await HostAsync()).Services.GetRequiredService<IHost>().StopAsync();

    /// <summary>What an installation has besides, for tests of its own.</summary>
    protected virtual void Configure(IServiceCollection services)
    {
    }

    public async ValueTask DisposeAsync()
    {
        if (_host.IsValueCreated)
            await (await _host.Value).DisposeAsync();
        Http.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<EmbeddedHost> StartAsync()
    {
        Apps.Write(_folder["data"]);
        var host = await EmbeddedHost.StartAsync(_folder["data"], "http://127.0.0.1:0", configure: builder =>
        {
            builder.Logging.ClearProviders().AddFilter<TestLog>(level => level >= LogLevel.Warning).AddProvider(Log).AddFileLog(LogFile, Finest);
            builder.Services.AddSingleton<TimeProvider>(Clock);
            // All hosts of this process are measured by each: more instruments than a host of its own would ever have.
            builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.SetMaxMetricStreams(100_000));
            builder.Services.AddPseudoLanguage();
            if (AnonymousCostPerMinute is { } anonymous)
                builder.Configuration[$"{RequestBudgetOptions.Section}:{nameof(RequestBudgetOptions.AnonymousCostPerMinute)}"] = anonymous.ToString(CultureInfo.InvariantCulture);
            if (CostPerMinute is { } cost)
                builder.Configuration[$"{RequestBudgetOptions.Section}:{nameof(RequestBudgetOptions.CostPerMinute)}"] = cost.ToString(CultureInfo.InvariantCulture);
            var identity = (HrmsIdentityOptions)builder.Services.Last(service => service.ServiceType == typeof(HrmsIdentityOptions)).ImplementationInstance!;
            builder.Services.AddSingleton(identity with { TriesPerMinute = TriesPerMinute ?? identity.TriesPerMinute });
            Configure(builder.Services);
        });
        await host.WhenReadyAsync(CancellationToken.None);
        Http.BaseAddress = host.Url;
        await host.Services.GetRequiredService<IGrainFactory>().AdmitAsync(Apps.ClinicOrganization);
        return host;
    }

    private async Task<Provider> ProviderAsync(ProviderKind kind, string name)
    {
        var clerk = await OperatorAsync();
        var id = await clerk.RegistersAsync(kind, name, $"{Guid.NewGuid():N}");
        var token = kind == ProviderKind.Practitioner ? await TokenAsync(practitioner: id) : await TokenAsync(organization: id);
        return new Provider(this, id, kind, token);
    }
}

/// <summary>Tests that move the clock or would be cut off by one that moves: one after the other.</summary>
[CollectionDefinition(nameof(TimeTravel))]
public sealed class TimeTravel;
