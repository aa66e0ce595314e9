using Hrms.Contracts;

namespace Hrms.Api.Identity;

/// <summary>What an EHR has open when it launches an app: SMART App Launch 2, "Launch App: EHR Launch".</summary>
/// <param name="Practitioner">Who has it open: nobody else uses the handle.</param>
/// <param name="App">The client id of the app that is launched, and of no other.</param>
/// <param name="Encounter">The visit or stay, by its record; null: none is open.</param>
/// <param name="Organization">Whose system launches it.</param>
public sealed record LaunchContext(PatientId Patient, ProviderId Practitioner, string App, RecordId? Encounter, ProviderId Organization);

/// <summary>A handle that the EHR puts into the app's launch address.</summary>
public sealed record LaunchHandle(string Launch, DateTimeOffset ExpiresAt);

/// <summary>The OAuth server, where it is in this process.</summary>
public interface ILaunches
{
    /// <summary>
    /// Good once, for five minutes. Made alike whether or not there is such a patient, and whether or not they share anything: what the app then reads is decided at each question by the
    /// patient's grain, and by nothing here.
    /// </summary>
    LaunchHandle Make(LaunchContext context);
}
