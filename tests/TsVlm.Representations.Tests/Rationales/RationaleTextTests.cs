using TsVlm.Contracts;
using TsVlm.Representations.Text;

namespace TsVlm.Representations.Tests.Rationales;

public class RationaleTextTests
{
    [Theory]
    [InlineData(RationaleOrder.AnswerFirst)]
    [InlineData(RationaleOrder.RationaleFirst)]
    public void The_answer_is_found_again_in_a_target(RationaleOrder order)
    {
        var format = new RationaleFormat(order);
        foreach (var rationale in (string[])["range 4.2 above 2.9", ""])
        {
            var target = format.Target("up", rationale);
            Assert.Equal("up", format.AnswerIn(target));
            Assert.StartsWith(format.Beginning("up", rationale), target, StringComparison.Ordinal);
            if (order is RationaleOrder.RationaleFirst) Assert.Equal(rationale, RationaleFormat.RationaleOf(target));
        }
        Assert.Equal("something else", format.AnswerIn("something else"));
    }

    [Fact]
    public void An_answer_is_scored_after_the_same_text_that_it_was_learnt_after()
    {
        var format = new RationaleFormat(RationaleOrder.RationaleFirst);
        var learnt = ConversationTemplate.Turns.WithAnswer("ASSISTANT:", format.Target("up", "it rises"));
        Assert.Equal(learnt, ConversationTemplate.Turns.WithAnswer(RationaleFormat.Given("ASSISTANT:", "it rises"), "up"));
    }

    [Theory]
    [InlineData("one; two; three", 100, "one; two; three")]
    [InlineData("one; two; three", 10, "one; two")]
    [InlineData("It rises. Then it falls.", 12, "It rises.")]
    [InlineData("range 4.25 above 2.95; std 1.0", 25, "range 4.25 above 2.95")]
    [InlineData("no end of a statement", 10, "")]
    [InlineData("", 10, "")]
    public void A_long_rationale_ends_with_a_statement(string text, int max, string expected) =>
        Assert.Equal(expected, RationaleText.Shorten(text, part => part.Length <= max));

    [Theory]
    [InlineData("It is a Bell.", "bell", true)]
    [InlineData("bell-shaped", "bell", true)]
    [InlineData("It rebells", "bell", false)]
    [InlineData("range 1.5 above 1", "1", false)]
    [InlineData("This is class 1.", "1", true)]
    [InlineData("class: 1", "1", true)]
    [InlineData("class 1.5", "1", false)]
    [InlineData("class 12", "1", false)]
    [InlineData("label '1' it is", "1", true)]
    [InlineData("a+b (c)", "b (c)", true)]
    public void A_class_is_given_away_by_its_name(string text, string label, bool expected) =>
        Assert.Equal(expected, RationaleText.Names(text, label));
}
