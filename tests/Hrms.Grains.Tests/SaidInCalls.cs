using Hrms.TestKit;

[assembly: AssemblyFixture(typeof(PrivacyWatch))]

namespace Hrms.Grains.Tests;

/// <summary>What these tests say of persons they say in grain calls: it is looked for in all that the silos log and trace.</summary>
internal sealed class SaidInCalls : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.InterfaceMethod.DeclaringType?.Assembly == typeof(Hrms.Contracts.IPatientGrain).Assembly)
            for (var i = 0; i < context.Request.GetArgumentCount(); i++)
                if (context.Request.GetArgument(i) is { } argument and not (CancellationToken or GrainCancellationToken or IAddressable))
                    Said.Of(argument);
        return context.Invoke();
    }
}
