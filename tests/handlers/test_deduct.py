"""/deduct in dialogs."""


async def test_two_points_off_an_item(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 2 巡查不到位")
    seen = wang.sees()
    assert "已登记" in seen
    assert "城关派出所　治安管理　−2 分" in seen
    assert "治安管理 10 → 8" in seen
    assert "总分 100 → 98" in seen
    assert "派出所第一序列 第 1 名（并列） → 第 5 名（共 5 个单位）" in seen
    assert "2026年第四季度" in seen
    assert "巡查不到位" in seen
    assert wang.buttons() == ["撤销"]
