namespace TsVlm.Distributed.Tests;

/// <summary>Short forms of the chaos program; the long ones are commands, with their logs in docs and benchmarks.</summary>
public sealed class ChaosTests
{
    [Fact]
    public Task Faults_of_services_and_servers_cost_time_but_no_run_and_no_bit() =>
        ChaosProgram.Run("--faults", "8", "--seed", "1", "--runs", "6");

    [Fact]
    public Task A_run_that_kills_its_worker_every_time_fails_with_its_reason_and_the_others_go_on() => ChaosProgram.Run("poison");

    [Fact]
    public Task Two_trainers_share_the_trainings_evenly() => ChaosProgram.Run("trainers", "--runs", "12");
}
