global using System.Text.Json;
global using Hrms.Faults.Tests.Harness;
global using Hrms.TestKit;

// Each test has processes of its own and wants the machine: two at once would measure each other.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
