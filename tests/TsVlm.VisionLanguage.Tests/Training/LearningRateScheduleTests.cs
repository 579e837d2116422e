using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.VisionLanguage.Tests.Training;

public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData("llava-tiny/train.json", "projector_only")]
    [InlineData("llava-tiny/train.json", "projector_and_language_model_wd0.1")]
    [InlineData("llava-tiny-lora/train.json", null)]
    public void Every_step_has_the_learning_rate_of_hugging_face_s_next(string file, string? part)
    {
        var json = HuggingFace.Json(file);
        if (part is not null) json = json.GetProperty(part);
        var schedule = new LearningRateSchedule(json.GetProperty("steps").GetInt32() - 1, json.GetProperty("warmup_steps").GetInt32() - 1);
        var highest = json.GetProperty("lr").GetDouble();
        var expected = json.GetProperty("lr_used_at_each_step").EnumerateArray().Select(rate => rate.GetDouble()).ToList();
        Assert.Equal(0, expected[0]);
        for (var step = 0; step < schedule.NumSteps; step++) Assert.Equal(expected[step + 1], highest * schedule.Factor(step), 1e-18);
    }

    [Theory]
    [InlineData(1, 0.03)]
    [InlineData(1, 1)]
    [InlineData(7, 0.5)]
    [InlineData(40, 1)]
    public void Each_step_learns_and_the_warm_up_rises_evenly(int numSteps, double ratio)
    {
        var schedule = LearningRateSchedule.WithWarmupRatio(numSteps, ratio);
        var factors = Enumerable.Range(0, numSteps).Select(schedule.Factor).ToList();
        Assert.All(factors, factor => Assert.InRange(factor, double.Epsilon, 1));
        foreach (var (step, factor) in factors.Take(schedule.NumWarmupSteps).Index())
            Assert.Equal((step + 1) * factors[0], factor, 1e-15);
    }

    [Theory]
    [InlineData(100, 0.03, 3)]
    [InlineData(101, 0.03, 4)]
    [InlineData(10, 0, 0)]
    public void The_warm_up_is_rounded_up_to_whole_steps(int numSteps, double ratio, int expected) =>
        Assert.Equal(expected, LearningRateSchedule.WithWarmupRatio(numSteps, ratio).NumWarmupSteps);

    [Fact]
    public void Without_a_warm_up_the_first_step_has_the_highest_learning_rate() =>
        Assert.Equal(1, new LearningRateSchedule(5, 0).Factor(0));

    [Fact]
    public void After_the_last_step_the_learning_rate_is_zero() => Assert.Equal(0, new LearningRateSchedule(8, 2).Factor(8), 1e-15);
}
