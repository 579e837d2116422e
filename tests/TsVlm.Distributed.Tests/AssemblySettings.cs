// Each test runs several processes that want all cores: two at once would only make both slow.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(TsVlm.Distributed.Tests.Servers))]
